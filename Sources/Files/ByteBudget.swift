/// How many bytes a file's data may have, in all and from here on.
package struct ByteBudget: Sendable {
  /// Bytes that are left.
  package private(set) var remaining: Int
  private let total: Int
  private let fileBytes: Int

  /// The budget of a file of some bytes.
  package init(_ limits: FileLimits, fileBytes: Int) {
    total = limits.dataBytes(ofFile: fileBytes)
    remaining = total
    self.fileBytes = fileBytes
  }

  /// Takes bytes from what is left, which has them.
  package mutating func spend(_ bytes: Int) { remaining -= bytes }

  /// What would have been right in place of too much, for messages.
  package var expected: String {
    "at most \(total) bytes of data in a file of \(fileBytes); \(FileLimits.variable) sets another limit "
      + "for files that you trust"
  }

  /// The product of lengths, which hostile files choose, and a size; nil where no integer holds it.
  package static func bytes(_ lengths: [Int], of size: Int) -> Int? {
    if lengths.contains(0) { return 0 }
    var product = size
    for length in lengths {
      let (next, overflow) = product.multipliedReportingOverflow(by: length)
      guard !overflow, length > 0 else { return nil }
      product = next
    }
    return product
  }
}
