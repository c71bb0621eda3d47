import Files
import Foundation

/// A folder that goes with its value.
package final class TestFolder: Sendable {
  package let path: String

  package init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appending(path: "metarate-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Everything in the folder, hidden files too.
  package var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  package func bytes(of name: String) throws -> [UInt8] {
    try RegularFile.read("\(path)/\(name)", limit: 1 << 24)
  }

  package func put(_ bytes: [UInt8], as name: String) throws {
    try bytes.write(to: "\(path)/\(name)")
  }

  package func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(name)")
  }
}

extension [UInt8] {
  /// Writes the bytes to a file.
  package func write(to path: String) throws { try Data(self).write(to: URL(filePath: path)) }
}
