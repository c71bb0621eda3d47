import Files
import HDF5Files
import Testing

/// Whatever the bytes are, the answer is a tree that was written or an error.
@Suite struct DamagedFileTests {
  private func smallTree() -> HDF5Tree {
    var tree = exampleTree()
    tree["/shapes/large"] = nil
    return tree
  }

  @Test func theSuperblockChecksumIsRight() throws {
    let bytes = try HDF5Image.encode(smallTree())
    #expect(bytes[8] == 3, "the superblock's version")
    #expect(bytes[11] == 0, "no flag says that the file is open")
    #expect(storedChecksum(bytes) == Superblock.checksum(of: bytes[..<44]))
    var wrong = bytes
    wrong[44] ^= 1
    #expect(throws: HDF5Error.self) { try HDF5Image.decode(wrong) }
  }

  @Test func checksumsOfOtherProgramsAreReproduced() throws {
    for name in ["soft-link", "user-new", "virtual-dataset"] {
      let bytes = try Fixture.bytes(name)
      #expect(storedChecksum(bytes) == Superblock.checksum(of: bytes[..<44]), "\(name)")
    }
    // The driver of lookup3.c prints this one.
    let text = Array("Four score and seven years ago".utf8)
    #expect(Superblock.checksum(of: text[...]) == 0x1777_0551)
    #expect(Superblock.checksum(of: []) == 0xdead_beef)
  }

  private func storedChecksum(_ bytes: [UInt8]) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[44 + $1]) << UInt32(8 * $1) }
  }

  @Test(arguments: [0x01, 0x80, 0xff] as [UInt8])
  func aFlippedByteIsNeverLoadedSilently(mask: UInt8) throws {
    let tree = smallTree()
    let bytes = try HDF5Image.encode(tree)
    var detected = 0
    for position in stride(from: Int(mask) % 71, to: bytes.count, by: 71) {
      var damaged = bytes
      damaged[position] ^= mask
      guard let decoded = try? HDF5Image.decode(damaged) else {
        detected += 1
        continue
      }
      // Unused space may change, and lists that only other programs read.
      #expect(decoded == tree, "byte \(position) of \(bytes.count)")
    }
    #expect(detected > 0)
  }

  @Test func everyByteOfAnArrayIsCovered() throws {
    var tree = HDF5Tree()
    let values = (0..<64).map { Float($0) + 0.123 }
    tree["/x"] = HDF5Dataset(values)
    let bytes = try HDF5Image.encode(tree)
    let raw = values.withUnsafeBytes { Array($0) }
    let start = try #require(
      (0..<bytes.count - raw.count).first { Array(bytes[$0..<$0 + raw.count]) == raw })
    for position in start..<start + raw.count {
      var damaged = bytes
      damaged[position] ^= 0x10
      #expect(throws: HDF5Error.self) { try HDF5Image.decode(damaged) }
    }
  }

  @Test func truncatedFilesAreErrors() throws {
    let bytes = try HDF5Image.encode(smallTree())
    for count in Array(stride(from: 0, to: bytes.count, by: 197)) + [bytes.count - 1] {
      #expect(throws: HDF5Error.self, "\(count) bytes") {
        try HDF5Image.decode(Array(bytes.prefix(count)))
      }
    }
  }

  @Test func otherBytesAreErrors() throws {
    var generator = SystemRandomNumberGenerator()
    for count in [1, 8, 100, 5000] {
      var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect(throws: HDF5Error.self) { try HDF5Image.decode(bytes) }
      bytes.replaceSubrange(0..<min(8, count), with: [0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10])
      #expect(throws: HDF5Error.self) { try HDF5Image.decode(bytes) }
    }
  }

  @Test(arguments: [
    ("soft-link", "a soft link", "/link"), ("external-link", "a link to another file", "/link"),
    ("group-loop", "a second link to one group", "/g/again"),
    ("external-storage", "data in another file", "/x"),
    ("virtual-dataset", "a virtual dataset", "/x"), ("lzf-filter", "filter number 32000", "/x"),
    ("strings", "strings of", "/names"), ("named-type", "a named type", "/t"),
    ("huge", "elements of 8 bytes in the shape", "/x"),
  ])
  func whatIsNotKnownIsRefused(name: String, found: String, path: String) throws {
    let error = try #require(throws: HDF5Error.self) {
      try HDF5Image.decode(Fixture.bytes(name))
    }
    #expect(error.kind == (name == "huge" ? .limit : .unsupported))
    #expect(error.found.hasPrefix(found), "\(error)")
    #expect(error.path == path)
  }

  @Test func limitsAreErrors() throws {
    let bytes = try HDF5Image.encode(smallTree())
    let limits = [
      HDF5Limits(sizes: FileLimits(fileBytes: 100)),
      HDF5Limits(sizes: FileLimits(totalBytes: 100)), HDF5Limits(objects: 5),
      HDF5Limits(depth: 1), HDF5Limits(attributes: 1),
    ]
    for limit in limits {
      let error = #expect(throws: HDF5Error.self) { try HDF5Image.decode(bytes, limits: limit) }
      #expect(error?.kind == .limit, "\(limit)")
    }
  }
}
