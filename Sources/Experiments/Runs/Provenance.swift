import Foundation
import TensorPrograms

/// Where and with what something was computed. All times and host facts of a run live here, apart
/// from its state.
package enum Provenance {
  /// The version of this package.
  package static let version = "0.2.0"

  /// One JSON object, keys sorted.
  ///
  /// - Parameters:
  ///   - command: the arguments of the process.
  ///   - files: hashes of the files that were read, by their paths.
  package static func json(command: [String], files: [String: String]) -> String {
    let system = ProcessInfo.processInfo
    let facts: [String: Any] = [
      "metarate": version,
      "command": command,
      "files": files,
      "started": ISO8601DateFormatter().string(from: Date()),
      "host_system": system.operatingSystemVersionString,
      "cores": system.activeProcessorCount,
      "workers": ExecutionOptions.current.workers,
      "sharing": ExecutionOptions.current.sharing.rawValue,
      "blas": Host.blas,
      "kernels": Host.kernels,
      "large_products": Host.largeProducts,
      "commit": commit ?? "unknown",
    ]
    guard
      let data = try? JSONSerialization.data(
        withJSONObject: facts, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
    else { return "{}" }
    return String(decoding: data, as: UTF8.self)
  }

  /// What a folder's `provenance.json` says; nil where there is no such file.
  static func facts(in folder: RunFolder) -> [String: Any]? {
    FileManager.default.contents(atPath: folder.provenance).flatMap {
      try? JSONSerialization.jsonObject(with: $0) as? [String: Any]
    }
  }

  /// The hashes of files that a folder's `provenance.json` has; none where there is no such file.
  package static func files(in folder: RunFolder) -> [String: String] {
    let files = facts(in: folder)?["files"] as? [String: String] ?? [:]
    return Dictionary(
      files.map { (URL(fileURLWithPath: $0).path, $1) }, uniquingKeysWith: { one, _ in one })
  }

  /// The commit of the source tree that the process runs in, where it runs in one.
  private static var commit: String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
