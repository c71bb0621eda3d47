import HDF5Files
import Testing

@Suite struct HDF5ImageTests {
  @Test func treesSurviveTheRoundTrip() throws {
    let tree = exampleTree()
    let decoded = try HDF5Image.decode(HDF5Image.encode(tree))
    #expect(decoded.groups == tree.groups)
    #expect(decoded.paths == tree.paths)
    for path in tree.paths { #expect(decoded[path] == tree[path], "\(path)") }
  }

  @Test func anEmptyTreeSurvivesTheRoundTrip() throws {
    #expect(try HDF5Image.decode(HDF5Image.encode(HDF5Tree())) == HDF5Tree())
  }

  @Test(arguments: [1, 7, 1 << 18, (1 << 18) + 1])
  func lengthsAroundAChunkSurvive(count: Int) throws {
    var tree = HDF5Tree()
    tree["/x"] = HDF5Dataset((0..<count).map(Float.init), shape: [count, 1])
    tree["/rows"] = HDF5Dataset((0..<count).map(Float.init), shape: [1, count], isExtendable: true)
    #expect(try HDF5Image.decode(HDF5Image.encode(tree)) == tree)
  }

  @Test func equalTreesGiveEqualBytes() throws {
    let first = try HDF5Image.encode(exampleTree())
    // Memory that was used in between must not show.
    var other = HDF5Tree()
    other["/y"] = HDF5Dataset([UInt8](repeating: 0xa5, count: 100_000))
    _ = try HDF5Image.encode(other)
    #expect(try HDF5Image.encode(exampleTree()) == first)
  }

  @Test func theOrderOfInsertionDoesNotMatter() throws {
    let tree = exampleTree()
    var reversed = HDF5Tree()
    for path in tree.paths.reversed() { reversed[path] = tree[path] }
    for (path, group) in tree.groups { reversed[group: path] = group }
    #expect(try HDF5Image.encode(reversed) == HDF5Image.encode(tree))
  }

  @Test func manyAttributesAndLongTextsSurvive() throws {
    var tree = HDF5Tree()
    for index in 0..<100 { tree[group: "/"].attributes["a\(index)"] = .integer(Int64(index)) }
    tree[group: "/g"].attributes = [
      "long": .string(String(repeating: "é", count: 30_000)), "empty": .string(""),
    ]
    #expect(try HDF5Image.decode(HDF5Image.encode(tree)) == tree)
  }

  @Test func aSelectionLeavesTheRestOut() throws {
    let bytes = try HDF5Image.encode(exampleTree())
    let tree = try HDF5Image.decode(bytes, selection: ["shapes/cube", "/types"])
    #expect(tree.paths.filter { $0.hasPrefix("/shapes") } == ["/shapes/cube"])
    #expect(tree.datasets(under: "/types").count == 5)
    #expect(tree.paths.count == 6)
  }

  @Test func nothingStaysOpen() throws {
    let bytes = try HDF5Image.encode(exampleTree())
    _ = try HDF5Image.decode(bytes)
    #expect(throws: HDF5Error.self) { try HDF5Image.decode(Array(bytes.prefix(1000))) }
    #expect(throws: HDF5Error.self) { try HDF5Image.decode(Fixture.bytes("strings")) }
    #expect(throws: HDF5Error.self) { try HDF5Image.decode(Fixture.bytes("virtual-dataset")) }
    #expect(try HDF5Library.openObjects() == 0)
  }

  @Test func threadsTakeTurns() async throws {
    let tree = exampleTree()
    let expected = try HDF5Image.encode(tree)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<16 {
        group.addTask {
          let bytes = try HDF5Image.encode(tree)
          return try bytes == expected && HDF5Image.decode(bytes) == tree
        }
      }
      for try await same in group { #expect(same) }
    }
  }

  @Test func elementsAreTyped() throws {
    let tree = exampleTree()
    #expect(try tree.elements(of: Int32.self, at: "types/int32") == [.min, 0, .max])
    let mismatch = #expect(throws: HDF5Error.self) {
      try tree.elements(of: Float.self, at: "types/int32")
    }
    #expect(mismatch?.kind == .mismatch)
    #expect(
      mismatch?.description
        == "cannot read /types/int32: found elements of type int32, expected float32")
    let shape = #expect(throws: HDF5Error.self) {
      try tree.elements(of: Int64.self, at: "/shapes/cube", shape: [24])
    }
    #expect(shape?.kind == .mismatch)
    let missing = #expect(throws: HDF5Error.self) { try tree.dataset(at: "/model") }
    #expect(missing?.kind == .missing)
    #expect(tree["/types/uint8"]?.convertedToDouble() == [0, 1, 255])
  }
}
