import Checkpoints
import Configurations
import Foundation
import Settings
import Synchronization

/// Tells files by what they hold, each read once: results are of a table, not of the place that it lay
/// in, and one that changes in place is another.
package final class FileContents: Sendable {
  private let found = Mutex<[String: String]>([:])

  package init() {}

  /// The hash of what a file holds; its path where it cannot be read, which whoever needs it says.
  func identity(of path: String) -> String {
    let path = URL(fileURLWithPath: path).path
    return found.withLock { found in
      let identity = found[path] ?? hash(of: path).map { "sha256:\($0)" } ?? path
      found[path] = identity
      return identity
    }
  }

  private func hash(of path: String) -> String? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    var hash = SHA256()
    do {
      while let bytes = try file.read(upToCount: 1 << 20), !bytes.isEmpty {
        hash.update(Array(bytes))
      }
    } catch {
      return nil
    }
    return hash.digest().hex
  }
}

extension RunConfiguration {
  /// The same configuration with hashes of files in place of their paths.
  package func replacingPaths(
    by contents: FileContents, in laboratory: Laboratory
  ) throws(ConfigurationError) -> RunConfiguration {
    try RunConfiguration.read(
      node, in: laboratory, standard: .standard, paths: .replaced { contents.identity(of: $0) })
  }
}
