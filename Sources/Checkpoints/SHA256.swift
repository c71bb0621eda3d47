import CCrypto

/// A SHA-256 digest (FIPS 180-4).
public struct SHA256Digest: Sendable, Hashable, CustomStringConvertible {
  /// Its 32 bytes.
  public let bytes: [UInt8]

  fileprivate init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The digest of 64 lower-case hexadecimal digits; nil if that is not what the text is.
  public init?(hex: String) {
    let digits = Array(hex.utf8)
    guard digits.count == 64 else { return nil }
    var bytes: [UInt8] = []
    for position in stride(from: 0, to: 64, by: 2) {
      guard let high = Self.value(ofDigit: digits[position]),
        let low = Self.value(ofDigit: digits[position + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  /// Its 64 lower-case hexadecimal digits.
  public var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The digits of `hex`.
  public var description: String { hex }

  private static func value(ofDigit digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

/// SHA-256 of bytes that come piece by piece.
///
///     SHA256.digest(of: Array("abc".utf8)).hex  // ba7816bf…f20015ad
package struct SHA256: ~Copyable {
  private let context: OpaquePointer

  /// The hash of no bytes yet.
  package init() {
    // It fails only without memory, or with a libcrypto that has been built without SHA-256.
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      fatalError("libcrypto cannot compute SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Adds bytes.
  package mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { buffer in
      let status = EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
      precondition(status == 1, "libcrypto cannot compute SHA-256")
    }
  }

  /// The digest of the bytes so far.
  package consuming func digest() -> SHA256Digest {
    var bytes = [UInt8](repeating: 0, count: 32)
    let status = EVP_DigestFinal_ex(context, &bytes, nil)
    precondition(status == 1, "libcrypto cannot compute SHA-256")
    return SHA256Digest(bytes: bytes)
  }

  /// The digest of bytes.
  package static func digest(of bytes: [UInt8]) -> SHA256Digest {
    var hash = SHA256()
    hash.update(bytes)
    return hash.digest()
  }
}
