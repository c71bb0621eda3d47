import ArgumentParser
import Experiments
import Files
import Foundation
import MetaLearning
import TensorPrograms

/// What the environment asks of every command. A value that is none is refused, rather than another one
/// used in silence.
enum EnvironmentOptions {
  /// More than any machine that this is for has cores.
  private static let mostWorkers = 1024

  private static func text(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
  }

  /// How functions run: on the processors that affinity and the quotas of control groups leave, unless
  /// METARATE_WORKERS says otherwise.
  static func execution(_ group: ControlGroup) throws -> ExecutionOptions {
    var options = ExecutionOptions()
    if let quota = group.processors {
      options.workers = max(1, min(options.workers, Int(quota.rounded(.up))))
    }
    if let text = text("METARATE_SHARING") {
      guard let sharing = Sharing(rawValue: text) else {
        throw ValidationError(
          "METARATE_SHARING: found \"\(text)\", expected "
            + Sharing.allCases.map(\.rawValue).joined(separator: ", ") + "; unset it for tried")
      }
      options.sharing = sharing
    }
    if let text = text("METARATE_WORKERS") {
      guard let count = Int(text), (1...mostWorkers).contains(count) else {
        throw ValidationError(
          "METARATE_WORKERS: found \"\(text)\", expected a whole number from 1 to \(mostWorkers); "
            + "unset it for one worker per core")
      }
      options.workers = count
    }
    return options
  }

  /// How much memory the process may have: what the system leaves, unless METARATE_MEMORY says otherwise.
  static func memory(_ group: ControlGroup) throws -> AllowedMemory {
    let name = "METARATE_MEMORY"
    return try bytes(name).map { AllowedMemory($0, by: name) } ?? .ofSystem(group)
  }

  /// How large files may be that are read.
  static func fileLimits() throws -> FileLimits {
    guard let bytes = try bytes(FileLimits.variable) else { return FileLimits() }
    return FileLimits(fileBytes: bytes, totalBytes: bytes, expandedBytes: bytes)
  }

  private static func bytes(_ name: String) throws -> Int? {
    guard let text = text(name) else { return nil }
    guard let count = ByteCount(text), count.bytes > 0 else {
      throw ValidationError(
        "\(name): found \"\(text)\", expected a number above 0 and a unit, such as 8 GiB; "
          + "unset it for the standard limit")
    }
    return count.bytes
  }
}
