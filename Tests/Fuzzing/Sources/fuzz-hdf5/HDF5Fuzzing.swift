import CCoverage
import HDF5Files

/// Reads bytes as a stranger's file, whole and by selection. An answer or an error is right; the process
/// that reads may end, this one may not. A tree that was read is written, and read again the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func readHDF5(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  coverage_of_copies()
  defer { coverage_of_copies() }
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  if count % 2 == 0 {
    _ = try? HDF5Image.decode(bytes, selection: ["/inputs", "/targets"])
  } else if let tree = try? HDF5Image.decode(bytes), let again = try? HDF5Image.encode(tree) {
    guard (try? HDF5Image.decode(again)) == tree else { fatalError("another tree is read again") }
  }
  return 0
}
