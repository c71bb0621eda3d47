import Foundation

/// A folder that goes with its value.
final class TestFolder: Sendable {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appending(path: "metarate-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension [UInt8] {
  /// Writes the bytes to a file.
  func write(to path: String) throws { try Data(self).write(to: URL(filePath: path)) }
}
