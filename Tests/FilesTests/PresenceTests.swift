import Files
import Foundation
import TestSupport
import Testing

@Suite struct PresenceTests {
  @Test func whatIsThereIsToldFromWhatIsNotKnown() throws {
    let folder = try TestFolder()
    try folder.put([1], as: "file")
    #expect(try Presence.isThere(folder.path))
    #expect(try Presence.isThere(folder.path + "/file"))
    #expect(try !Presence.isThere(folder.path + "/other"))
    #expect(try !Presence.isThere(folder.path + "/file/below"))
    // Whoever follows a link to itself never learns what is there.
    let loop = folder.path + "/loop"
    try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: loop)
    #expect(throws: FileError("examine", loop, code: ELOOP)) { try Presence.isThere(loop) }
  }
}
