import ArrayFiles
import Files
import TestSupport
import Testing

@Suite("PNG files")
struct PNGTests {
  private static let (height, width) = (11, 13)

  /// The fixtures' pixels, the highest bits of eight.
  private static func pixels(depth: Int) -> [UInt8] {
    (0..<height * width).map { position in
      let (y, x) = position.quotientAndRemainder(dividingBy: width)
      let level = UInt8(truncatingIfNeeded: 37 * y + 11 * x + y * x) >> UInt8(8 - depth)
      return level * (255 / UInt8(1 << depth - 1))
    }
  }

  @Test(
    "grey images of every depth, with every filter",
    arguments: [
      ("filters1", 1), ("filters2", 2), ("filters4", 4), ("filters8", 8), ("bits", 1), ("grey", 8),
    ])
  func decodes(name: String, depth: Int) throws {
    let image = try PNG.decode(try Fixture.bytes("\(name).png"))
    #expect(image.height == Self.height && image.width == Self.width)
    #expect(image.pixels == Self.pixels(depth: depth))
  }

  @Test(
    "images of other kinds are refused by their names",
    arguments: [
      ("colours", "8 bits of colours"), ("palette", "8 bits of a palette"),
      ("interlaced", "an interlaced image"),
    ])
  func kinds(name: String, found: String) throws {
    let bytes = try Fixture.bytes("\(name).png")
    #expect(message { _ = try PNG.decode(bytes) }?.hasPrefix("found \(found) at IHDR") == true)
  }

  @Test("cut files, and any byte that is another, are refused with their place")
  func damage() throws {
    let bytes = try Fixture.bytes("filters8.png")
    for end in 0..<bytes.count {
      let cut = Array(bytes[..<end])
      #expect(throws: ArrayFileError.self) { try PNG.decode(cut) }
    }
    for position in bytes.indices {
      var other = bytes
      other[position] ^= 0x20
      #expect(throws: ArrayFileError.self) { try PNG.decode(other) }
    }
    let longer = bytes + [0]
    #expect(
      message { _ = try PNG.decode(longer) }?.contains("1 bytes behind IEND at the chunk at byte")
        == true)
    #expect(message { _ = try PNG.decode([1]) }?.contains("found [1] at the first bytes") == true)
  }

  private func header(
    _ height: UInt32, _ width: UInt32, _ rest: [UInt8] = [8, 0, 0, 0, 0]
  ) -> (String, [UInt8]) {
    ("IHDR", TestImages.big(width) + TestImages.big(height) + rest)
  }

  @Test("what does not fit together is refused")
  func unfitting() throws {
    let end = ("IEND", [UInt8]())
    let pixels = ("IDAT", TestImages.zlib([0, 10, 20, 1, 5, 5]))
    let image = try PNG.decode(TestImages.png(chunks: [header(2, 2), pixels, end]))
    #expect(image == GrayImage(height: 2, width: 2, pixels: [10, 20, 5, 10]))
    let text = ("tEXt", Array("a".utf8))
    let described = TestImages.png(chunks: [header(2, 2), text, pixels, text, end])
    let read = try PNG.decode(described)
    #expect(read == image)
    let wrong: [([(String, [UInt8])], String)] = [
      ([pixels, header(2, 2), end], "found IDAT at the chunk at byte 8, expected the header IHDR"),
      ([header(2, 2), pixels, text, pixels, end], "found pixels behind another chunk"),
      ([header(2, 2), ("NEWS", []), pixels, end], "found the chunk NEWS"),
      ([header(2, 2), ("a b!", []), pixels, end], "expected a length below 2³¹ and four letters"),
      ([header(0, 2), pixels, end], "found 0×2 pixels at IHDR"),
      ([header(2, 2, [3, 0, 0, 0, 0]), pixels, end], "found 3 bits of grey at IHDR"),
      ([header(2, 2, [8, 9, 0, 0, 0]), pixels, end], "8 bits of colour type 9"),
      ([header(2, 2, [8, 0, 1, 0, 0]), pixels, end], "found compression 1"),
      ([("IHDR", [0]), pixels, end], "found 1 bytes at IHDR, expected 13"),
      ([header(2, 2), end], "at IDAT"),
      ([header(3, 2), pixels, end], "found 6 bytes of pixels at IDAT, expected 9"),
      ([header(1, 2), pixels, end], "found more than 3 bytes of pixels at IDAT"),
      (
        [header(2, 2), ("IDAT", TestImages.zlib([0, 1, 2, 7, 1, 2])), end],
        "found the filter 7 at row 1"
      ),
      ([header(2, 2), ("IDAT", pixels.1 + [0]), end], "found 1 bytes behind the pixels"),
      ([header(2, 2), pixels], "at the chunk at byte"),
      ([header(.max >> 1, .max >> 1), pixels, end], "METARATE_FILE_LIMIT"),
    ]
    for (chunks, expected) in wrong {
      let bytes = TestImages.png(chunks: chunks)
      let found = message { _ = try PNG.decode(bytes) } ?? "nothing"
      #expect(found.contains(expected), "\(found) / \(expected)")
    }
  }

  @Test("means of areas keep what images have in all")
  func resampling() throws {
    let image = try PNG.decode(try Fixture.bytes("grey.png"))
    let same = image.resampled(height: Self.height, width: Self.width).convertedToDouble()
    #expect(same == image.pixels.map { Double(Float($0) / 255) })
    let mean = same.reduce(0, +) / Double(same.count)
    for (height, width) in [(1, 1), (4, 3), (11, 5), (23, 40)] {
      let other = image.resampled(height: height, width: width)
      #expect(other.shape == [height, width])
      let numbers = other.convertedToDouble()
      #expect(abs(numbers.reduce(0, +) / Double(numbers.count) - mean) < 1e-6)
      #expect(numbers.allSatisfy { (0...1).contains($0) })
    }
    let half = GrayImage(height: 1, width: 3, pixels: [0, 255, 51]).resampled(height: 1, width: 2)
    // One and a half pixels each: (0 + 255 / 2) / 1.5 and (255 / 2 + 51) / 1.5.
    #expect(half.convertedToDouble() == [Double(Float(85) / 255), Double(Float(119) / 255)])
    let white = GrayImage(height: 105, width: 105, pixels: .init(repeating: 255, count: 11025))
    #expect(
      white.resampled(height: 28, width: 28).convertedToDouble() == .init(repeating: 1, count: 784))
  }

  @Test("images of an archive, in the order of their paths")
  func archive() throws {
    let bytes = try Fixture.bytes("letters.zip")
    let entries = try ImageArchive.decode(bytes, side: nil)
    #expect(
      entries.map(\.path) == [
        ["letters", "a", "1.png"], ["letters", "b", "1.PNG"], ["letters", "b", "2.png"],
      ])
    #expect(
      entries[0].image.convertedToDouble() == Self.pixels(depth: 1).map { Double($0) / 255 })
    #expect(entries.allSatisfy { $0.image.shape == [Self.height, Self.width] })
    let small = try ImageArchive.decode(bytes, side: 5)
    #expect(small[2].image.shape == [5, 5])
    var other = bytes
    // In the pixels of the first image.
    other[120] ^= 1
    let found = message { _ = try ImageArchive.decode(other, side: 5) }
    #expect(found?.contains(" of image ") == true || found?.contains(" at image ") == true)
    #expect(
      message {
        _ = try ImageArchive.decode(bytes, side: 1024, limits: FileLimits(totalBytes: 1 << 20))
      }?.contains("bytes of data at image") == true)
  }
}
