import Checkpoints
import Testing

@Suite struct SHA256Tests {
  /// FIPS 180-4's examples, from NIST's "Cryptographic Standards and Guidelines" pages.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func publishedExamples(text: String, hex: String) {
    #expect(SHA256.digest(of: Array(text.utf8)).hex == hex)
  }

  @Test func piecesGiveTheHashOfTheWhole() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    var hash = SHA256()
    hash.update(Array(bytes[..<1]))
    hash.update([])
    hash.update(Array(bytes[1...]))
    #expect(hash.digest() == SHA256.digest(of: bytes))
  }

  @Test func hexadecimalDigitsAreReadStrictly() {
    let digest = SHA256.digest(of: [1, 2, 3])
    #expect(SHA256Digest(hex: digest.hex) == digest)
    for text in ["", "00", digest.hex.uppercased(), String(digest.hex.dropLast()) + "g"] {
      #expect(SHA256Digest(hex: text) == nil)
    }
  }
}
