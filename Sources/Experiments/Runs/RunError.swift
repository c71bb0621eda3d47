/// Why a run did not begin or did not end.
package enum RunError: Error, Equatable, CustomStringConvertible {
  /// The folder belongs to another run.
  case folderInUse(path: String)
  /// The folder has results of another configuration.
  case otherResults(path: String)
  /// A cell of an ablation cannot be read.
  case damagedCell(path: String)
  /// The folder cannot be made or written.
  case folderUnusable(path: String, reason: String)
  /// The folder holds no run.
  case noRun(path: String)
  /// The checkpoint is another configuration's.
  case foreignCheckpoint(path: String)
  /// Stopped on purpose; the state is saved.
  case stopped(path: String, step: Int, of: Int, by: Interruption.Cause)

  /// The command's exit code.
  package var exitCode: Int32 {
    switch self {
    case .folderInUse, .otherResults: 2
    case .folderUnusable, .noRun: 4
    case .foreignCheckpoint, .damagedCell: 3
    case .stopped(_, _, _, .timeLimit): 75
    case .stopped(_, _, _, .interrupt): 130
    case .stopped(_, _, _, .termination): 143
    }
  }

  package var description: String {
    switch self {
    case .folderInUse(let path):
      "\(path) already holds a run: continue it with `metarate resume \(path)`, or choose another "
        + "--output"
    case .otherResults(let path):
      "\(path) holds results of another configuration than this one: choose another --output, or "
        + "move the folder away"
    case .damagedCell(let path):
      "\(path) is not what an ablation writes: remove it to have it computed again"
    case .folderUnusable(let path, let reason):
      "cannot write the folder \(path): \(reason); choose another --output"
    case .noRun(let path):
      "\(path) holds no run: expected a folder with \(RunFolder.configurationName), as `metarate "
        + "run --output DIR` makes it"
    case .foreignCheckpoint(let path):
      "the newest checkpoint of \(path) was made with another configuration than its "
        + "\(RunFolder.configurationName): put the file back as it was, or start a new run"
    case .stopped(let path, let step, let steps, let cause):
      "stopped by \(cause.rawValue) after outer step \(step) of \(steps); everything is saved: "
        + "continue with `metarate resume \(path)`"
    }
  }
}
