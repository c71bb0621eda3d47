import Checkpoints
import Foundation
import HDF5Files
import TestSupport
import Testing

@Suite struct CheckpointWriterTests {
  private func steps(_ folder: TestFolder) throws -> [Int] {
    try CheckpointFolder(folder.path).steps()
  }

  @Test func theBestAndTheNewestAreKept() throws {
    let folder = try TestFolder()
    let writer = try CheckpointWriter(folder.path, keepingNewest: 0)
    let scores: [Double?] = [3, 1, 2, nil, .nan, 1, 4]
    var kept: [[Int]] = []
    for (step, score) in scores.enumerated() {
      try writer.save(exampleState(step), outerStep: step, score: score)
      kept.append(try steps(folder))
      #expect(writer.entries.map(\.outerStep) == kept.last)
    }
    #expect(kept == [[0], [0, 1], [1, 2], [1, 2, 3], [1, 3, 4], [4, 5], [5, 6]])
    #expect(folder.names.filter { $0.hasPrefix(".") } == [".lock"])
    #expect(try CheckpointFolder(folder.path).latest()?.entry.score == 4)
  }

  /// The best state's file is no checkpoint of a step: nothing resumes from it or prunes it.
  @Test func theBestStateHasAFileOfItsOwn() throws {
    let folder = try TestFolder()
    let writer = try CheckpointWriter(folder.path)
    try writer.keepBest(exampleState(7), outerStep: 7, score: 0.5)
    for step in 1...4 { try writer.save(exampleState(step), outerStep: step) }
    #expect(try steps(folder) == [3, 4])
    #expect(try CheckpointFolder(folder.path).latest()?.entry.outerStep == 4)
    let best = try HDF5Image.decode(folder.bytes(of: "best.h5"))
    try CheckpointSeal.checkpoint.verify(best, at: "best.h5")
    #expect(best[group: "/"].attributes["outer_step"] == .integer(7))
    #expect(best[group: "/"].attributes["score"] == .double(0.5))
    try writer.forgetBest()
    try writer.forgetBest()
    #expect(!folder.names.contains("best.h5"))
    #expect(writer.entries.map(\.outerStep) == [3, 4])
  }

  @Test func equalStatesGiveEqualFiles() throws {
    let folders = [try TestFolder(), try TestFolder()]
    let entries = try folders.map {
      try CheckpointWriter($0.path).save(exampleState(1), outerStep: 1, score: .nan)
    }
    #expect(entries[0] == entries[1])
    let name = entries[0].name
    #expect(try folders[0].bytes(of: name) == folders[1].bytes(of: name))
    #expect(try SHA256.digest(of: folders[0].bytes(of: name)).hex == entries[0].sha256)
    #expect(try folders[0].bytes(of: "index.json") == folders[1].bytes(of: "index.json"))
  }

  @Test func onlyOneProcessWrites() throws {
    let folder = try TestFolder()
    let writer = try CheckpointWriter(folder.path)
    let error = #expect(throws: CheckpointError.self) { try CheckpointWriter(folder.path) }
    guard case .locked? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    try writer.save(exampleState(1), outerStep: 1)
  }

  @Test func newerCheckpointsCanBeDiscarded() throws {
    let folder = try TestFolder()
    let writer = try CheckpointWriter(folder.path, keepingNewest: 9)
    for step in 1...5 { try writer.save(exampleState(step), outerStep: step) }
    try folder.put([0], as: CheckpointFolder.name(ofOuterStep: 6))
    try writer.setAside(newerThan: 3)
    #expect(try steps(folder) == [1, 2, 3])
    #expect(try CheckpointFolder(folder.path).latest()?.warnings == [])
  }

  /// A save is a sequence of atomic changes of the folder; a kill leaves the state after one of
  /// them. The index before and after stands beside each state of the files.
  @Test func aKillBetweenAnyTwoChangesLosesNothing() throws {
    let folder = try TestFolder()
    let name = CheckpointFolder.name(ofOuterStep: 2)
    do {
      let writer = try CheckpointWriter(folder.path)
      try writer.save(exampleState(1), outerStep: 1)
    }
    let indexOfOne = try folder.bytes(of: "index.json")
    do { try CheckpointWriter(folder.path).save(exampleState(2), outerStep: 2) }
    let file = try folder.bytes(of: name)
    let indexOfTwo = try folder.bytes(of: "index.json")
    // The same step again, with other contents: entry removed, file replaced, entry added.
    do { try CheckpointWriter(folder.path).save(exampleState(9), outerStep: 2) }
    let otherFile = try folder.bytes(of: name)

    for (index, file, expected) in [
      (indexOfOne, nil, 1), (indexOfOne, file, 2), (indexOfTwo, file, 2),
      (indexOfOne, otherFile, 9),
    ] as [([UInt8], [UInt8]?, Int64)] {
      try folder.put(index, as: "index.json")
      try? folder.remove(name)
      if let file { try folder.put(file, as: name) }
      try folder.put([1], as: ".index.json.1-1.metarate-tmp")
      let loaded = try #require(try CheckpointFolder(folder.path).latest())
      #expect(try loaded.tree.elements(of: Int64.self, at: "/progress/meta_step") == [expected])
      let writer = try CheckpointWriter(folder.path)
      #expect(!folder.names.contains { $0.hasSuffix(".metarate-tmp") })
      try writer.save(exampleState(3), outerStep: 3)
      #expect(try CheckpointFolder(folder.path).latest()?.warnings == [])
      try writer.setAside(newerThan: 2)
    }
  }

  @Test func whatIsSetAsideIsKeptAndNotListed() throws {
    let folder = try TestFolder()
    let writer = try CheckpointWriter(folder.path)
    for step in 1...3 { try writer.save(exampleState(step), outerStep: step) }
    let bytes = try folder.bytes(of: CheckpointFolder.name(ofOuterStep: 3))
    let places = try writer.setAside(newerThan: 2)
    let place = CheckpointFolder.name(ofOuterStep: 3) + ".damaged"
    #expect(places == ["\(folder.path)/\(place)"])
    #expect(try folder.bytes(of: place) == bytes)
    #expect(writer.entries.map(\.outerStep) == [2])
    #expect(try CheckpointFolder(folder.path).latest()?.warnings == [])
  }

  @Test func aStateThatCannotBeWrittenLeavesTheFolderAlone() throws {
    let folder = try TestFolder()
    let writer = try CheckpointWriter(folder.path)
    try writer.save(exampleState(1), outerStep: 1)
    let before = folder.names
    var bad = exampleState(2)
    bad["/model//weight"] = HDF5Dataset(scalar: 1.0)
    let error = #expect(throws: CheckpointError.self) { try writer.save(bad, outerStep: 2) }
    guard case .unwritable? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(folder.names == before)
  }

  @Test func aFolderWithoutParentIsAnError() throws {
    let error = #expect(throws: CheckpointError.self) {
      try CheckpointWriter("/nowhere/at/all")
    }
    #expect(error?.isInputOutput == true)
    #expect("\(try #require(error))".contains("No such file or directory"))
  }
}
