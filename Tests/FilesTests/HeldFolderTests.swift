import Files
import Foundation
import TestSupport
import Testing

@Suite struct HeldFolderTests {
  @Test func anotherFolderAtThePathIsRefused() throws {
    let folder = try TestFolder()
    let (path, moved) = (folder.path + "/run", folder.path + "/moved")
    let files = FileManager.default
    try files.createDirectory(atPath: path, withIntermediateDirectories: false)
    let held = try HeldFolder(path)
    try held.requireInPlace()
    try files.moveItem(atPath: path, toPath: moved)
    #expect(throws: FileError("examine", path, code: ENOENT)) { try held.requireInPlace() }
    try files.createDirectory(atPath: path, withIntermediateDirectories: false)
    let reason = "another folder has taken its place since"
    #expect(throws: FileError("write", path, reason: reason)) { try held.requireInPlace() }
    try files.removeItem(atPath: path)
    try files.moveItem(atPath: moved, toPath: path)
    try held.requireInPlace()
    #expect(throws: FileError("open", moved, code: ENOENT)) { try HeldFolder(moved) }
  }
}
