/// How many bytes a file's datasets may have, in all and from here on.
struct ByteBudget {
  /// Bytes that are left.
  private(set) var remaining: Int
  private let total: Int
  private let fileBytes: Int

  init(_ limits: HDF5Limits, fileBytes: Int) {
    total = limits.dataBytes(ofFile: fileBytes)
    remaining = total
    self.fileBytes = fileBytes
  }

  mutating func spend(_ bytes: Int) { remaining -= bytes }

  /// The product of lengths and a size, where so many bytes may be had.
  func bytes(_ lengths: [Int], of size: Int, at path: String) throws(HDF5Error) -> Int {
    try bytes(lengths, of: size, at: path, limit: remaining)
  }

  /// The same of a chunk, which the library holds whole while it reads: 16 MiB at any rate.
  func requireChunk(_ lengths: [Int], of size: Int, at path: String) throws(HDF5Error) {
    _ = try bytes(lengths, of: size, at: path, limit: max(remaining, 1 << 24))
  }

  private func bytes(
    _ lengths: [Int], of size: Int, at path: String, limit: Int
  ) throws(HDF5Error) -> Int {
    if lengths.contains(0) { return 0 }
    var product = size
    for length in lengths {
      let (next, overflow) = product.multipliedReportingOverflow(by: length)
      product = overflow ? .max : next
    }
    guard product <= limit else {
      throw HDF5Error(
        .limit, "read", at: path, found: "elements of \(size) bytes in the shape \(lengths)",
        expected: "at most \(total) bytes of data in a file of \(fileBytes); "
          + "\(HDF5Limits.variable) sets another limit for files that you trust")
    }
    return product
  }
}
