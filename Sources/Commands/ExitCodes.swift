import ArgumentParser
import Checkpoints
import Configurations
import Experiments
import Files
import Foundation
import HDF5Files
import MetaLearning
import Reports
import Settings

/// What the command's exit codes mean, and how errors come by them.
enum ExitCodes {
  static let checkFailed: Int32 = 1
  static let configuration: Int32 = 2
  static let checkpoint: Int32 = 3
  static let inputOutput: Int32 = 4
  static let numerical: Int32 = 5

  /// Prints an error as its message alone and ends the process.
  ///
  /// - Parameter name: what the command is called, in the message and in its advice.
  static func exit<Root: ParsableCommand>(
    _ root: Root.Type, named name: String, with error: any Error
  ) -> Never {
    let (code, text) = explain(root, error)
    let message = text.replacing("metarate: ", with: "\(name): ", maxReplacements: 1)
      .replacing("`metarate ", with: "`\(name) ")
    if !message.isEmpty {
      if code == 0 { Console.show(message) } else { Console.note(shortened(message) + "\n") }
    }
    if code == 0 { Console.end(named: name) }
    Foundation.exit(code)
  }

  /// The message with the middle of very long lines left out: names in files may have any length.
  private static func shortened(_ message: String) -> String {
    let half = 600
    return message.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.count > 2 * half + 1 ? "\(line.prefix(half))…\(line.suffix(half))" : String(line)
    }.joined(separator: "\n")
  }

  private static func explain<Root: ParsableCommand>(
    _ root: Root.Type, _ error: any Error
  ) -> (Int32, String) {
    switch error {
    case let error as ConfigurationError:
      (error.kind == .unreadable ? inputOutput : configuration, "metarate: \(error)")
    case let error as RateError: (configuration, "metarate: \(error)")
    case let error as ModelError: (configuration, "metarate: model: \(error)")
    case let error as MemoryError: (configuration, "metarate: hypergradient.memory: \(error)")
    case let error as AddressSpace.Refusal: (configuration, "metarate: \(error)")
    case let error as MemoryRefusal: (configuration, "metarate: \(error)")
    case let error as CheckpointError:
      (error.isInputOutput ? inputOutput : checkpoint, "metarate: \(error)")
    case let error as FileError: (inputOutput, "metarate: \(error)")
    case let error as HDF5Error:
      (error.isOfFileSystem ? inputOutput : checkpoint, "metarate: \(error)")
    case let error as DataError:
      (
        error.isInputOutput ? inputOutput : error.isDamage ? checkpoint : configuration,
        "metarate: \(error)"
      )
    case let error as RunError: (error.exitCode, "metarate: \(error)")
    case let error as NotebookError:
      (error.exitCode, "metarate: \(error)")
    case let error as NonFiniteError: (numerical, "metarate: \(error)")
    case let error as CheckFailed: (checkFailed, error.message)
    default:
      // Everything else is the argument parser's: help and versions are no errors.
      root.exitCode(for: error).isSuccess
        ? (0, root.fullMessage(for: error)) : (configuration, root.fullMessage(for: error))
    }
  }
}

/// A check that came out negative; the details have been printed.
struct CheckFailed: Error {
  let message: String
}

extension NotebookError {
  fileprivate var exitCode: Int32 {
    switch self {
    case .noPython: ExitCodes.inputOutput
    case .badFile: ExitCodes.checkpoint
    case .failed, .unreadable: ExitCodes.checkFailed
    }
  }
}
