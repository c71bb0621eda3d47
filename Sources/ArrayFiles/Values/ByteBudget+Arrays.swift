import Files

extension ByteBudget {
  /// What too much is.
  func excess(_ found: String) -> ArrayFileError {
    ArrayFileError(.limit, found: found, expected: expected)
  }

  /// Takes bytes from what is left, if it has them.
  mutating func take(_ bytes: Int) throws(ArrayFileError) {
    guard bytes <= remaining else { throw excess("\(bytes) bytes of data") }
    spend(bytes)
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
