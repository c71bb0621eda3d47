import ArgumentParser
import Foundation
import TensorPrograms

/// The execution options that the environment asks for.
enum Workers {
  /// More than any machine that this is for has cores.
  private static let most = 1024

  /// Refuses what is not a number of workers, rather than run with another number in silence.
  static func options() throws -> ExecutionOptions {
    let environment = ProcessInfo.processInfo.environment
    var options = ExecutionOptions()
    if let text = environment["METARATE_SHARING"] {
      guard let sharing = Sharing(rawValue: text) else {
        throw ValidationError(
          "METARATE_SHARING: found \"\(text)\", expected "
            + Sharing.allCases.map(\.rawValue).joined(separator: ", ") + "; unset it for tried")
      }
      options.sharing = sharing
    }
    if let text = environment["METARATE_WORKERS"] {
      guard let count = Int(text), (1...most).contains(count) else {
        throw ValidationError(
          "METARATE_WORKERS: found \"\(text)\", expected a whole number from 1 to \(most); "
            + "unset it for one worker per core")
      }
      options.workers = count
    }
    return options
  }
}
