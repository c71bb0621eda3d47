import ArrayFiles

/// Reads bytes as a stranger's image and as an archive of images. An answer or an error is right; images
/// have the pixels that they say, also at another size.
@_cdecl("LLVMFuzzerTestOneInput")
public func readPNG(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  if let image = try? PNG.decode(bytes) {
    let small = image.resampled(height: 3, width: 5)
    guard small.shape == [3, 5], small.convertedToDouble().allSatisfy({ (0...1).contains($0) })
    else { fatalError("means of areas that are no shade of grey") }
  }
  if let entries = try? ImageArchive.decode(bytes, side: 4) {
    guard entries.allSatisfy({ $0.image.shape == [4, 4] }) else {
      fatalError("an image of another size")
    }
  }
  return 0
}
