import ArgumentParser
import Foundation
import TensorPrograms

/// The workers that the environment asks for, and when they share.
enum Workers {
  /// More than any machine that this is for has cores.
  private static let most = 1024

  /// Refuses what is not a number of workers, rather than run with another number in silence.
  static func check() throws {
    let environment = ProcessInfo.processInfo.environment
    if let text = environment["METARATE_SHARING"], Sharing(rawValue: text) == nil {
      throw ValidationError(
        "METARATE_SHARING: found \"\(text)\", expected "
          + Sharing.allCases.map(\.rawValue).joined(separator: ", ") + "; unset it for tried")
    }
    guard let text = environment["METARATE_WORKERS"] else { return }
    guard let count = Int(text), (1...most).contains(count) else {
      throw ValidationError(
        "METARATE_WORKERS: found \"\(text)\", expected a whole number from 1 to \(most); "
          + "unset it for one worker a core")
    }
  }
}
