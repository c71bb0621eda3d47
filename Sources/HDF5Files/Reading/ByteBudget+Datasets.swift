import Files

extension ByteBudget {
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
    guard let product = ByteBudget.bytes(lengths, of: size), product <= limit else {
      throw HDF5Error(
        .limit, "read", at: path, found: "elements of \(size) bytes in the shape \(lengths)",
        expected: expected)
    }
    return product
  }
}
