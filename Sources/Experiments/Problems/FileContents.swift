import Checkpoints
import Configurations
import Foundation
import Settings
import Synchronization

/// Tells files by what they hold, each read once: results are of a table, not of the place that it
/// lay in, and one that changes in place is another.
package final class FileContents: Sendable {
  private let known: [String: String]
  private let read: Mutex<[String: String]>

  /// - Parameters:
  ///   - read: hashes by paths of files that need not be read again.
  ///   - known: hashes by paths of files that may be gone since.
  package init(read: [String: String] = [:], known: [String: String] = [:]) {
    self.read = Mutex(read)
    self.known = known
  }

  /// Hashes of the files that were read, by their paths.
  package var hashes: [String: String] { read.withLock { $0 } }

  /// Hashes of the files that a configuration names and that can be read, by their paths.
  package static func hashes(
    of configuration: RunConfiguration, in laboratory: Laboratory
  ) throws(ConfigurationError) -> [String: String] {
    let contents = FileContents()
    _ = try configuration.replacingPaths(by: contents, in: laboratory)
    return contents.hashes
  }

  /// What names files by what they hold.
  var inPlaceOfPaths: FilePaths { .replaced { self.identity(of: $0) } }

  /// The hash of what a file holds; of one that cannot be read, what it held when it was known or,
  /// else, its path, as whoever needs it says so.
  func identity(of path: String) -> String {
    let path = URL(fileURLWithPath: path).path
    return read.withLock { read in
      if read[path] == nil { read[path] = hash(of: path) }
      return read[path] ?? known[path] ?? path
    }
  }

  /// The hash of a regular file: a pipe or a device might never end.
  private func hash(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    var hash = SHA256()
    do {
      while let bytes = try file.read(upToCount: 1 << 20), !bytes.isEmpty {
        hash.update(Array(bytes))
      }
    } catch {
      return nil
    }
    return "sha256:\(hash.digest().hex)"
  }
}

extension RunConfiguration {
  /// The same configuration with hashes of files in place of their paths.
  package func replacingPaths(
    by contents: FileContents, in laboratory: Laboratory
  ) throws(ConfigurationError) -> RunConfiguration {
    try RunConfiguration.read(
      node, in: laboratory, standard: .standard, paths: contents.inPlaceOfPaths)
  }
}
