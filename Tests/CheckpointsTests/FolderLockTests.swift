import Checkpoints
import Foundation
import TestSupport
import Testing

@Suite struct FolderLockTests {
  @Test func onlyOneHoldsTheLock() throws {
    let folder = try TestFolder()
    var lock: FolderLock? = try FolderLock(folder.path)
    let error = #expect(throws: CheckpointError.self) { try FolderLock(folder.path) }
    #expect(error == .locked(path: folder.path + "/.lock", holder: "process \(getpid())"))
    #expect(lock != nil)
    lock = nil
    lock = try FolderLock(folder.path)
  }

  /// Refuses as a file system without locks does.
  private func unknown(_ descriptor: Int32) -> Int32 {
    errno = ENOSYS
    return -1
  }

  @Test func aFileStandsForLocksThatTheFileSystemDoesNotKnow() throws {
    let folder = try TestFolder()
    var lock: FolderLock? = try FolderLock(folder.path, locking: unknown)
    #expect(lock?.note?.contains("no locks") == true)
    let owner = String(decoding: try folder.bytes(of: ".lock-owner"), as: UTF8.self)
    #expect(owner.hasPrefix("process \(getpid()) on "))
    let error = #expect(throws: CheckpointError.self) {
      try FolderLock(folder.path, locking: unknown)
    }
    #expect(
      error
        == .locked(path: folder.path + "/.lock-owner", holder: String(owner.dropLast())))
    lock = nil
    #expect(folder.names == [".lock"])
  }

  @Test func theDeadLoseTheirFiles() throws {
    let folder = try TestFolder()
    var lock: FolderLock? = try FolderLock(folder.path, locking: unknown)
    let own = String(decoding: try folder.bytes(of: ".lock-owner"), as: UTF8.self)
    #expect(lock != nil)
    lock = nil
    // No process has this number; the other machine's says nothing any more.
    let dead = own.replacing("process \(getpid())", with: "process 99999999")
    for (text, age) in [(dead, 0.0), ("process 1 on elsewhere\n", 500)] {
      try folder.put(Array(text.utf8), as: ".lock-owner")
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -age)],
        ofItemAtPath: folder.path + "/.lock-owner")
      lock = try FolderLock(folder.path, locking: unknown)
      #expect(lock?.note != nil)
      lock = nil
    }
    #expect(folder.names == [".lock"])
    // Another machine's that was touched just now keeps us out.
    try folder.put(Array("process 1 on elsewhere\n".utf8), as: ".lock-owner")
    let error = #expect(throws: CheckpointError.self) {
      try FolderLock(folder.path, locking: unknown)
    }
    #expect(
      error == .locked(path: folder.path + "/.lock-owner", holder: "process 1 on elsewhere"))
    #expect(folder.names == [".lock", ".lock-owner"])
  }

  @Test func otherFailuresAreTold() throws {
    let folder = try TestFolder()
    let error = #expect(throws: CheckpointError.self) {
      try FolderLock(folder.path) { _ in
        errno = EIO
        return -1
      }
    }
    #expect(error?.isInputOutput == true)
    #expect(folder.names == [".lock"])
  }
}
