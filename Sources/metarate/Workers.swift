import ArgumentParser
import Foundation

/// The number of workers that the environment asks for.
enum Workers {
  /// More than any machine that this is for has cores.
  private static let most = 1024

  /// Refuses what is not a number of workers, rather than run with another number in silence.
  static func check() throws {
    guard let text = ProcessInfo.processInfo.environment["METARATE_WORKERS"] else { return }
    guard let count = Int(text), (1...most).contains(count) else {
      throw ValidationError(
        "METARATE_WORKERS: found \"\(text)\", expected a whole number from 1 to \(most); "
          + "unset it for one worker a core")
    }
  }
}
