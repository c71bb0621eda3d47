import Files
import Foundation
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  @Test func aFileIsWrittenAndReplaced() throws {
    let folder = try TestFolder()
    for bytes in [[], [1, 2, 3], [UInt8](repeating: 7, count: 3_000_000), [4]] as [[UInt8]] {
      try AtomicFile.write(bytes, to: folder.path + "/file")
      #expect(try folder.bytes(of: "file") == bytes)
      #expect(folder.names == ["file"])
    }
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/file")
    #expect(attributes[.posixPermissions] as? Int == 0o644)
  }

  @Test func aFailureLeavesTheOldFileAndNoTemporary() throws {
    let folder = try TestFolder()
    // A folder with members cannot be replaced by a file.
    try FileManager.default.createDirectory(
      atPath: folder.path + "/taken/member", withIntermediateDirectories: true)
    let error = #expect(throws: FileError.self) {
      try AtomicFile.write([1], to: folder.path + "/taken")
    }
    #expect(error?.path == folder.path + "/taken")
    #expect(folder.names == ["taken"])
    let missing = #expect(throws: FileError.self) {
      try AtomicFile.write([1], to: folder.path + "/nowhere/file")
    }
    #expect(missing?.isMissing == true)
    #expect(missing?.reason == "No such file or directory")
  }

  @Test func temporariesOfDeadProcessesGo() throws {
    let folder = try TestFolder()
    try folder.put([1], as: ".index.json.1-1.metarate-tmp")
    try folder.put([1], as: ".other.tmp")
    try folder.put([1], as: "visible.metarate-tmp")
    // A living process holds the lock of its own; those that other tests start inherit nothing.
    let living = folder.path + "/.index.json.2-1.metarate-tmp"
    let descriptor = open(living, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    #expect(flock(descriptor, LOCK_EX) == 0)
    try AtomicFile.write([2], to: folder.path + "/file")
    #expect(
      folder.names
        == [".index.json.2-1.metarate-tmp", ".other.tmp", "file", "visible.metarate-tmp"])
    close(descriptor)
    // A process looks at a folder once.
    try AtomicFile.write([2], to: folder.path + "/file")
    #expect(folder.names.count == 4)
    StaleTemporaries.remove(from: folder.path)
    #expect(folder.names == [".other.tmp", "file", "visible.metarate-tmp"])
  }

  @Test func aLinkIsReplacedAndNotFollowed() throws {
    let folder = try TestFolder()
    try folder.put([1], as: "target")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/file", withDestinationPath: folder.path + "/target")
    let refused = #expect(throws: FileError.self) { try folder.bytes(of: "file") }
    #expect(refused?.reason == "it is a symbolic link, expected a regular file")
    try AtomicFile.write([2], to: folder.path + "/file")
    #expect(try folder.bytes(of: "target") == [1])
    #expect(try folder.bytes(of: "file") == [2])
  }

  @Test func manyWritersLeaveOneWholeFile() async throws {
    let folder = try TestFolder()
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<16 {
        group.addTask {
          for _ in 0..<4 {
            do {
              let bytes = [UInt8](repeating: UInt8(writer), count: 10_000)
              try AtomicFile.write(bytes, to: folder.path + "/file")
            } catch { Issue.record(error) }
          }
        }
      }
    }
    let bytes = try folder.bytes(of: "file")
    #expect(bytes.count == 10_000 && Set(bytes).count == 1)
    #expect(folder.names == ["file"])
  }

  @Test func aFileTakenForStaleIsWrittenAgain() async throws {
    let folder = try TestFolder()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for number in 0..<300 {
          do {
            try AtomicFile.write([UInt8(number % 256)], to: folder.path + "/file")
          } catch { Issue.record(error) }
        }
      }
      group.addTask {
        for _ in 0..<3000 { StaleTemporaries.remove(from: folder.path) }
      }
    }
    #expect(try folder.bytes(of: "file") == [43])
    StaleTemporaries.remove(from: folder.path)
    #expect(folder.names == ["file"])
  }
}
