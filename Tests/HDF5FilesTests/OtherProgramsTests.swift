import Foundation
import HDF5Files
import Testing

/// Files that other programs wrote, and other programs that read ours.
@Suite struct OtherProgramsTests {
  private static let oracle = Fixture.shared("oracles/mlp-adam.h5")
  private static let digits = Fixture.shared("data/digits/digits.h5")
  private static let h5dump = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
    .map { $0 + "/h5dump" }.first(where: FileManager.default.isExecutableFile)

  @Test(arguments: ["user-new", "user-old"])
  func typesWidenToTheNext(name: String) throws {
    let tree = try HDF5Image.decode(Fixture.bytes(name))
    for path in ["/i1", "/i2", "/u2"] {
      #expect(try tree.elements(of: Int32.self, at: path) == [1, 2, 3])
    }
    #expect(try tree.elements(of: Int64.self, at: "/u4") == [1, 2, 3])
    #expect(try tree.elements(of: Float.self, at: "/f2") == [1, 2, 3])
    #expect(try tree.elements(of: UInt8.self, at: "/boolean") == [1, 0, 1])
    #expect(try tree.elements(of: Double.self, at: "/big_endian") == [1.5, -2])
    #expect(
      try tree.elements(of: Int64.self, at: "/compressed", shape: [4, 6])
        == (0..<24).map(Int64.init))
    #expect(tree["/compressed"]?.isExtendable == true)
    #expect(try tree.elements(of: Double.self, at: "/scalar", shape: []) == [2.5])
    #expect(tree["/null"]?.shape == [0])
    #expect(
      tree[group: "/"].attributes == [
        "fixed": .string("abc"), "integer": .integer(7),
        "real": .double(0.5), "boolean": .integer(1), "one": .integer(3),
      ])
  }

  @Test func aSelectionPassesOverWhatIsRefused() throws {
    let tree = try HDF5Image.decode(Fixture.bytes("strings"), selection: ["inputs", "targets"])
    #expect(tree.paths == ["/inputs"])
    #expect(try tree.elements(of: Float.self, at: "inputs") == [1, 2])
  }

  @Test func scalesOfOtherProgramsNameAxes() throws {
    let tree = try HDF5Image.decode(Fixture.bytes("scales"))
    #expect(tree["/x"]?.dimensions == ["time"])
    #expect(tree["/time"]?.dimensions == ["time"])
    #expect(try HDF5Image.decode(HDF5Image.encode(tree)) == tree)
  }

  @Test(.enabled(if: oracle != nil, "no folder shared/oracles beside the repository"))
  func oraclesAreRead() throws {
    let bytes = try #require(Self.oracle)
    let tree = try HDF5Image.decode(bytes)
    let weight = try tree.elements(of: Double.self, at: "initial/000_dense/weight", shape: [6, 8])
    #expect(weight.allSatisfy { $0.isFinite })
    let loss = try tree.elements(of: Double.self, at: "expected/outer_loss", shape: [])
    #expect(loss[0] > 0)
    let spec = try tree.elements(of: UInt8.self, at: "spec")
    #expect(String(decoding: spec, as: UTF8.self).contains("\"adam\""))
  }

  @Test(.enabled(if: digits != nil, "no folder shared/data beside the repository"))
  func digitsAreRead() throws {
    let bytes = try #require(Self.digits)
    let tree = try HDF5Image.decode(bytes)
    let inputs = try tree.elements(of: UInt8.self, at: "inputs", shape: [1797, 64])
    #expect(inputs.max() == 16)
    #expect(try Set(tree.elements(of: UInt8.self, at: "targets")) == Set(0...9))
  }

  @Test(.enabled(if: h5dump != nil, "h5dump is not installed (package hdf5-tools)"))
  func h5dumpReadsOurs() throws {
    let tool = try #require(Self.h5dump)
    let file = FileManager.default.temporaryDirectory.appending(
      path: "metarate-\(UUID().uuidString).h5")
    try Data(HDF5Image.encode(exampleTree())).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: tool)
    process.arguments = ["--enable-error-stack", file.path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test func filesAreReadByPath() throws {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "metarate-\(UUID().uuidString).h5")
    try Data(HDF5Image.encode(exampleTree())).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(try HDF5Image.decode(path: file.path) == exampleTree())
    for path in ["/nowhere/x.h5", "/tmp", "/dev/zero"] {
      let error = #expect(throws: HDF5Error.self) { try HDF5Image.decode(path: path) }
      #expect(error?.kind == .file)
    }
  }
}
