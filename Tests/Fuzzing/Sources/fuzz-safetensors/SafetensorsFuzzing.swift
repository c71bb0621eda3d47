import ArrayFiles

/// Reads bytes as a stranger's file. An answer or an error is right; a file that was read is written, and
/// read again the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func readSafetensors(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  if let file = try? Safetensors.decode(bytes) {
    guard let again = try? Safetensors.encode(file), (try? Safetensors.decode(again)) == file else {
      fatalError("another file is read again")
    }
  }
  return 0
}
