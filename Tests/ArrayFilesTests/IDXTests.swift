import ArrayFiles
import Files
import Testing

@Suite("IDX files")
struct IDXTests {
  @Test("images, compressed or not", arguments: ["images.idx", "images.idx.gz"])
  func images(name: String) throws {
    let array = try IDX.decode(try Fixture.bytes(name))
    #expect(array.shape == [4, 3, 2])
    #expect(array.type == .uint8)
    #expect(array.convertedToDouble() == (0..<24).map { Double($0 * 10) })
  }

  @Test("big-endian numbers")
  func numbers() throws {
    #expect(
      try IDX.decode(try Fixture.bytes("shorts.idx")).convertedToDouble() == [-3, -2, -1, 0, 1, 2])
    #expect(
      try IDX.decode(try Fixture.bytes("floats.idx")).convertedToDouble()
        == (0..<6).map { Double(Float($0) / 3) })
  }

  @Test("cut files, huge shapes and bombs are refused")
  func refuses() throws {
    for name in ["images.idx", "images.idx.gz"] {
      let bytes = try Fixture.bytes(name)
      for end in 0..<bytes.count {
        let cut = Array(bytes[..<end])
        #expect(throws: ArrayFileError.self) { try IDX.decode(cut) }
      }
      #expect(throws: ArrayFileError.self) { try IDX.decode(bytes + [0]) }
    }
    let huge: [UInt8] = [0, 0, 14, 255] + [UInt8](repeating: 255, count: 1020)
    #expect(throws: ArrayFileError.self) { try IDX.decode(huge) }
    let packed = try Fixture.bytes("images.idx.gz")
    #expect(
      message { _ = try IDX.decode(packed, limits: FileLimits(totalBytes: 30)) }?.contains(
        "more than 30 bytes") == true)
  }
}
