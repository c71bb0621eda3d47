import ArrayFiles

/// Reads bytes as a stranger's archive, as one array and as an IDX file. An answer or an error is right;
/// numbers that were read are written, and read again the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func readNPZ(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  _ = try? NPY.decode(bytes)
  _ = try? IDX.decode(bytes)
  if let arrays = try? NPZ.decode(bytes) {
    let numbers = arrays.compactMapValues { value in
      if case .numbers(let array) = value { array } else { nil }
    }
    guard let again = try? NPZ.encode(numbers),
      (try? NPZ.decode(again)) == numbers.mapValues(ArrayValue.numbers)
    else { fatalError("other arrays are read again") }
  }
  return 0
}
