import Checkpoints
import Foundation
import HDF5Files
import TestSupport
import Testing

@Suite struct CheckpointFolderTests {
  private func name(_ step: Int) -> String { CheckpointFolder.name(ofOuterStep: step) }

  /// A folder with checkpoints of steps 1, 2 and 3.
  private func filledFolder() throws -> TestFolder {
    let folder = try TestFolder()
    let writer = try CheckpointWriter(folder.path, keepingNewest: 10)
    #expect(writer.warnings.isEmpty)
    for step in 1...3 { try writer.save(exampleState(step), outerStep: step, score: 0.5) }
    return folder
  }

  private func state(of loaded: LoadedCheckpoint?) -> [Int64]? {
    try? loaded?.tree.elements(of: Int64.self, at: "/progress/meta_step")
  }

  @Test func namesAreCanonical() {
    #expect(name(20) == "checkpoint-00000020.h5")
    #expect(name(123_456_789) == "checkpoint-123456789.h5")
    #expect(CheckpointFolder.outerStep(ofName: "checkpoint-00000020.h5") == 20)
    for other in [
      "checkpoint-20.h5", "checkpoint-000000020.h5", "checkpoint--0000020.h5", "checkpoint-.h5",
      "checkpoint-+0000020.h5", "checkpoint-00000020.hdf5", ".checkpoint-00000020.h5.1-1", "",
      "checkpoint-99999999999999999999.h5", "checkpoint-", "checkpoint.h5",
    ] {
      #expect(CheckpointFolder.outerStep(ofName: other) == nil, "\(other)")
    }
  }

  @Test func theNewestIsLoaded() throws {
    let folder = try filledFolder()
    let loaded = try CheckpointFolder(folder.path).latest()
    #expect(loaded?.entry.outerStep == 3)
    #expect(loaded?.warnings == [])
    #expect(loaded?.tree["/model/000_dense/weight"] == exampleState(3)["/model/000_dense/weight"])
    #expect(loaded?.tree[group: "/"].attributes["format"] == .string("metarate-checkpoint"))
    #expect(state(of: try CheckpointFolder(folder.path).load(outerStep: 2)) == [2])
    let missing = #expect(throws: CheckpointError.self) {
      try CheckpointFolder(folder.path).load(outerStep: 7)
    }
    #expect(missing == .missing(path: folder.path, outerStep: 7, found: [1, 2, 3]))
  }

  @Test func aFolderWithoutCheckpointsHasNone() throws {
    let folder = try TestFolder()
    #expect(try CheckpointFolder(folder.path).latest() == nil)
    #expect(try CheckpointFolder(folder.path + "/nowhere").latest() == nil)
  }

  enum Damage: CaseIterable {
    case flippedByte, truncated, empty, otherBytes, link, folder, olderFile
  }

  @Test(arguments: Damage.allCases)
  func aDamagedNewestIsPassedOver(damage: Damage) throws {
    let folder = try filledFolder()
    var bytes = try folder.bytes(of: name(3))
    try folder.remove(name(3))
    let path = "\(folder.path)/\(name(3))"
    switch damage {
    case .flippedByte:
      let weight = try #require(exampleState(3)["/model/000_dense/weight"]).bytes
      let start = (0..<bytes.count - weight.count).first {
        bytes[$0..<$0 + weight.count].elementsEqual(weight)
      }
      bytes[try #require(start)] ^= 1
    case .truncated: bytes.removeLast(100)
    case .empty: bytes = []
    case .otherBytes: bytes = (0..<bytes.count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    case .olderFile: bytes = try folder.bytes(of: name(2))
    case .link:
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: name(2))
    case .folder:
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
    if damage != .link, damage != .folder { try folder.put(bytes, as: name(3)) }

    // With the index, which knows the file's hash, and without it, when the file must prove itself.
    for hasIndex in [true, false] {
      if !hasIndex { try folder.remove("index.json") }
      let loaded = try CheckpointFolder(folder.path).latest()
      #expect(state(of: loaded) == [2])
      let warnings = loaded?.warnings ?? []
      #expect(warnings.count == (hasIndex ? 1 : 2))
      guard case .passedOver(name(3), let error)? = warnings.last else {
        Issue.record("\(warnings)")
        continue
      }
      #expect("\(error)".contains(path))
    }
    // A writer passes it over too, and replaces it.
    if damage != .folder {
      let writer = try CheckpointWriter(folder.path, keepingNewest: 10)
      try writer.save(exampleState(3), outerStep: 3)
      #expect(try CheckpointFolder(folder.path).latest()?.warnings == [])
    }
  }

  @Test func noIntactCheckpointIsAnErrorThatTellsWhy() throws {
    let folder = try filledFolder()
    for step in 1...3 { try folder.put([1, 2, 3], as: name(step)) }
    let error = #expect(throws: CheckpointError.self) {
      try CheckpointFolder(folder.path).latest()
    }
    guard case .noneIntact(folder.path, let reasons)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reasons.count == 3)
  }

  @Test func anUnlistedFileThatProvesItselfIsAdopted() throws {
    let folder = try filledFolder()
    let before = try folder.bytes(of: "index.json")
    do {
      let writer = try CheckpointWriter(folder.path, keepingNewest: 10)
      try writer.save(exampleState(4), outerStep: 4, score: -.infinity)
    }
    let after = try folder.bytes(of: "index.json")
    // As if killed between file and index.
    try folder.put(before, as: "index.json")
    let loaded = try CheckpointFolder(folder.path).latest()
    #expect(state(of: loaded) == [4])
    #expect(loaded?.warnings == [.adopted(name: name(4))])
    let writer = try CheckpointWriter(folder.path, keepingNewest: 10)
    #expect(writer.warnings == [.adopted(name: name(4))])
    #expect(writer.entries.last?.score == -.infinity)
    try writer.setAside(newerThan: 4)
    try writer.save(exampleState(4), outerStep: 4, score: -.infinity)
    #expect(try folder.bytes(of: "index.json") == after)
  }

  @Test("a folder of version 1, which called outer steps meta-steps, is read")
  func folderOfVersion1() throws {
    let folder = try filledFolder()
    for step in 1...3 {
      let (name, old) = (name(step), CheckpointSeal(format: "metarate-checkpoint", version: 1))
      var tree = try HDF5Image.decode(try folder.bytes(of: name))
      tree[group: "/"].attributes["meta_step"] = tree[group: "/"].attributes["outer_step"]
      for written in ["outer_step", "format", "format_version", "content_sha256"] {
        tree[group: "/"].attributes[written] = nil
      }
      try folder.put(try HDF5Image.encode(old.sealing(tree).tree), as: name)
    }
    try folder.put([], as: "index.json")
    #expect(try CheckpointFolder(folder.path).latest()?.entry.outerStep == 3)
    let writer = try CheckpointWriter(folder.path, keepingNewest: 10)
    try writer.save(exampleState(4), outerStep: 4, score: 0.5)

    let index = String(decoding: try folder.bytes(of: "index.json"), as: UTF8.self)
      .replacing("\"outer_step\"", with: "\"meta_step\"")
      .replacing("\"format_version\" : 2", with: "\"format_version\" : 1")
    #expect(index.contains("\"meta_step\" : 4") && index.contains("\"format_version\" : 1"))
    try folder.put(Array(index.utf8), as: "index.json")
    let loaded = try CheckpointFolder(folder.path).latest()
    #expect(loaded?.entry.outerStep == 4 && loaded?.warnings.isEmpty == true)
  }

  @Test(arguments: [
    "", "{", "[]", "null", "{\"format\": \"metarate-checkpoint-index\"}", "DEEP",
    #"{"format": "x", "format_version": 1, "checkpoints": []}"#,
    #"{"format": "metarate-checkpoint-index", "format_version": 3, "checkpoints": []}"#,
    #"{"format": "metarate-checkpoint-index", "format_version": 1, "checkpoints": [{"name":"#
      + #" "../x", "outer_step": 1, "bytes": 1, "sha256": "", "content_sha256": ""}]}"#,
  ])
  func aDamagedIndexIsRebuilt(text: String) throws {
    let folder = try filledFolder()
    let good = try folder.bytes(of: "index.json")
    let text = text == "DEEP" ? String(repeating: "[", count: 100_000) : text
    try folder.put(Array(text.utf8), as: "index.json")
    let loaded = try CheckpointFolder(folder.path).latest()
    #expect(state(of: loaded) == [3])
    guard case .withoutIndex(.damagedIndex)? = loaded?.warnings.first else {
      Issue.record("\(String(describing: loaded?.warnings))")
      return
    }
    let writer = try CheckpointWriter(folder.path, keepingNewest: 10)
    #expect(writer.entries.map(\.outerStep) == [1, 2, 3])
    try writer.save(exampleState(3), outerStep: 3, score: 0.5)
    #expect(try folder.bytes(of: "index.json") == good)
  }

  @Test func aFileInTheIndexThatVanishedIsAWarning() throws {
    let folder = try filledFolder()
    try folder.remove(name(3))
    let loaded = try CheckpointFolder(folder.path).latest()
    #expect(state(of: loaded) == [2])
    #expect(loaded?.warnings == [.vanished(name: name(3))])
  }

  @Test func everyFlippedByteOfAnUnlistedFileIsNoticed() throws {
    let folder = try filledFolder()
    try folder.remove("index.json")
    let bytes = try folder.bytes(of: name(3))
    let intact = try CheckpointFolder(folder.path).load(outerStep: 3).tree
    for position in stride(from: 5, to: bytes.count, by: 41) {
      var damaged = bytes
      damaged[position] ^= 0x40
      try folder.put(damaged, as: name(3))
      let loaded = try CheckpointFolder(folder.path).latest()
      #expect(state(of: loaded) == [2] || loaded?.tree == intact, "byte \(position)")
    }
  }

  @Test func otherFormatsAreRefused() throws {
    let folder = try filledFolder()
    try folder.remove("index.json")
    var tree = exampleState(3)
    func error() throws -> CheckpointError? {
      try folder.put(HDF5Image.encode(tree), as: name(3))
      return #expect(throws: CheckpointError.self) {
        try CheckpointFolder(folder.path).load(outerStep: 3)
      }
    }
    let path = "\(folder.path)/\(name(3))"
    #expect(
      try error()
        == .wrongFormat(path: path, found: "no format", expected: "metarate-checkpoint"))
    tree = CheckpointSeal.trajectory.sealing(exampleState(3)).tree
    #expect(try error()?.description.contains("metarate-trajectory") == true)
    tree = CheckpointSeal(format: "metarate-checkpoint", version: 3).sealing(exampleState(3)).tree
    #expect(
      try error()
        == .wrongFormat(path: path, found: "version 3", expected: "at most version 2"))
    tree = CheckpointSeal.checkpoint.sealing(exampleState(3)).tree
    #expect(
      try error()
        == .damaged(
          path: path, found: "outer step none", expected: "that of the file's name"))
  }
}
