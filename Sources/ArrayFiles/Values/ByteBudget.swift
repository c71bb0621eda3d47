import Files

/// How many bytes a file's arrays may have, in all and from here on.
struct ByteBudget {
  /// Bytes that are left.
  private(set) var remaining: Int
  private let total: Int
  private let fileBytes: Int

  init(_ limits: FileLimits, fileBytes: Int) {
    total = limits.dataBytes(ofFile: fileBytes)
    remaining = total
    self.fileBytes = fileBytes
  }

  /// What too much is.
  func excess(_ found: String) -> ArrayFileError {
    ArrayFileError(
      .limit, found: found,
      expected: "at most \(total) bytes of data in a file of \(fileBytes); \(FileLimits.variable) "
        + "sets another limit for files that you trust")
  }

  /// Takes bytes from what is left.
  mutating func spend(_ bytes: Int) throws(ArrayFileError) {
    guard bytes <= remaining else { throw excess("\(bytes) bytes of data") }
    remaining -= bytes
  }

  /// Refuses a file that is too large to be looked at.
  static func requireFile(_ bytes: Int, _ limits: FileLimits) throws(ArrayFileError) {
    guard bytes <= limits.fileBytes else {
      throw ArrayFileError(
        .limit, found: "\(bytes) bytes",
        expected: "at most \(limits.fileBytes); \(FileLimits.variable) sets another limit")
    }
  }
}

/// Sizes of arrays, which hostile files choose.
enum ArraySize {
  /// The product of lengths and a size; nil where no integer holds it.
  static func bytes(_ shape: [Int], of size: Int) -> Int? {
    if shape.contains(0) { return 0 }
    var product = size
    for length in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: length)
      guard !overflow, length > 0 else { return nil }
      product = next
    }
    return product
  }
}
