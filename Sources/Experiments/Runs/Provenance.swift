import Foundation
import Reports
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
    return text(facts) ?? "{}"
  }

  /// The same with what an earlier `provenance.json` says of sessions before, oldest first, under
  /// `earlier`.
  static func json(_ json: String, after before: [String: Any]?) -> String {
    guard var before, var facts = facts(of: Array(json.utf8)) else { return json }
    let earlier = before.removeValue(forKey: "earlier") as? [[String: Any]] ?? []
    facts["earlier"] = earlier + [before]
    return text(facts) ?? json
  }

  /// What the session said that began it all.
  static func first(of facts: [String: Any]) -> [String: Any] {
    (facts["earlier"] as? [[String: Any]])?.first ?? facts
  }

  /// What of the processor or BLAS is another here than where a checkpoint was saved, in words; nil
  /// where nothing is, or the checkpoint does not say.
  ///
  /// - Parameter bytes: the checkpoint's JSON.
  static func elsewhere(_ bytes: [UInt8]) -> String? {
    guard let facts = facts(of: bytes) else { return nil }
    let differences = [("kernels", Host.kernels), ("blas", Host.blas)].compactMap {
      key, here -> String? in
      guard let there = facts[key] as? String, there != here else { return nil }
      return "\(key) \(there), here \(here)"
    }
    return differences.isEmpty
      ? nil : "the checkpoint was computed with \(differences.joined(separator: "; "))"
  }

  /// The files that hold something else in one JSON than in an earlier one, by their paths.
  static func changedFiles(from before: [UInt8], to now: [UInt8]) -> [String] {
    func files(_ bytes: [UInt8]) -> [String: String] {
      facts(of: bytes)?["files"] as? [String: String] ?? [:]
    }
    let known = files(before)
    return files(now).filter { path, hash in known[path].map { $0 != hash } ?? false }.keys.sorted()
  }

  private static func text(_ facts: [String: Any]) -> String? {
    (try? JSONSerialization.data(
      withJSONObject: facts, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]))
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// What a folder's `provenance.json` says; nil where there is no such file.
  static func facts(in folder: RunFolder) throws(RunError) -> [String: Any]? {
    try RunFolder.contents(of: folder.provenance).flatMap(facts(of:))
  }

  /// What JSON of provenance says; nil where it is none.
  static func facts(of json: [UInt8]) -> [String: Any]? {
    try? JSONSerialization.jsonObject(with: Data(json)) as? [String: Any]
  }

  /// The hashes of files that a folder's `provenance.json` has; none where there is no such file.
  package static func files(in folder: RunFolder) throws(RunError) -> [String: String] {
    let files = try facts(in: folder)?["files"] as? [String: String] ?? [:]
    return Dictionary(
      files.map { (URL(fileURLWithPath: $0).path, $1) }, uniquingKeysWith: { one, _ in one })
  }

  /// The commit of the source tree that the process runs in, where it runs in one.
  private static var commit: String? {
    let found = TimedProcess.run(
      "/usr/bin/env", arguments: ["git", "describe", "--always", "--dirty", "--abbrev=12"],
      timeLimit: 10)
    guard found.ending == .exited(0) else { return nil }
    return String(decoding: found.output, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
