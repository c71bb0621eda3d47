import Foundation

/// A program run to its end, or to the end of our patience.
enum TimedProcess {
  /// How a program ended.
  enum Ending: Sendable, Equatable {
    /// By itself, with a status, or by a signal other than ours, with 128 + its number.
    case exited(Int32)
    /// By our signal, after the time limit.
    case outOfTime
    /// It never began.
    case notStarted(String)
  }

  /// How much of the error output is kept.
  private static let longestErrors = 2000

  /// Runs a program with no input and its output discarded, and returns its error output.
  static func run(
    _ executable: String, arguments: [String], in folder: String, timeLimit: Double
  ) -> (ending: Ending, errors: String) {
    // A file rather than a pipe: a pipe fills up unless somebody reads it meanwhile.
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("metarate-\(UUID().uuidString).txt")
    guard FileManager.default.createFile(atPath: file.path, contents: nil),
      let errors = FileHandle(forWritingAtPath: file.path)
    else { return (.notStarted("cannot write \(file.path)"), "") }
    defer {
      try? errors.close()
      try? FileManager.default.removeItem(at: file)
    }

    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    do {
      try process.run()
    } catch {
      return (.notStarted(error.localizedDescription), "")
    }
    let isInTime = ended.wait(timeout: .now() + timeLimit) == .success
    if !isInTime {
      process.terminate()
      if ended.wait(timeout: .now() + 2) == .timedOut {
        kill(process.processIdentifier, SIGKILL)
        _ = ended.wait(timeout: .now() + 2)
      }
    }
    let said = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    let text = said.trimmingCharacters(in: .whitespacesAndNewlines)
    let kept = text.count > longestErrors ? text.prefix(longestErrors) + " …" : text
    guard isInTime else { return (.outOfTime, kept) }
    let status = process.terminationStatus
    return (.exited(process.terminationReason == .uncaughtSignal ? 128 + status : status), kept)
  }
}
