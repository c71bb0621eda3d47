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
}

extension [UInt8] {
  /// Writes the bytes to a file.
  package func write(to path: String) throws { try Data(self).write(to: URL(filePath: path)) }
}
