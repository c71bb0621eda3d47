import Configurations
import Files

/// Why a run did not begin or did not end.
package enum RunError: Error, Equatable, CustomStringConvertible {
  /// The folder belongs to another run.
  case folderInUse(path: String)
  /// The folder has results of another configuration, or of another sweep.
  case otherResults(path: String, SettingDifferences)
  /// The folder has results of something else than is expected, such as `a run`.
  case foreignResults(path: String, expected: String)
  /// The folder has files, such as the named one, that no command of these wrote.
  case foreignFiles(path: String, name: String)
  /// A cell of an ablation cannot be read.
  case damagedCell(path: String)
  /// What a folder says of its sweep cannot be read.
  case damagedSweep(path: String)
  /// The summary of a run cannot be read.
  case damagedSummary(path: String)
  /// The folder cannot be made or written.
  case folderUnusable(path: String, reason: String)
  /// The system refused something about a file of the folder.
  case file(FileError)
  /// The folder holds no run.
  case noRun(path: String)
  /// The folder holds no checkpoint.
  case noCheckpoint(path: String)
  /// Files that were looked at are damaged; what is wrong with each has been said.
  case damagedFiles(count: Int)
  /// A new file has the name of one that is there.
  case fileInTheWay(path: String)
  /// The ablation of a folder has nothing of what its arms learned.
  case noRates(path: String)
  /// The folder holds several runs where one is asked for.
  case severalRuns(path: String, count: Int)
  /// No folder of results is at a path or below it.
  case nothingToReport(path: String)
  /// A path is of nothing that a notebook is made of, alone or beside others.
  case noNotebook(path: String, isOneOfSeveral: Bool)
  /// A notebook is to be written to a file of another kind.
  case notANotebook(path: String)
  /// The run of a folder has not ended.
  case unfinished(path: String)
  /// A run was to go on with other settings that decide what is done already.
  case changesThePast(path: String, SettingDifferences)
  /// A run was to go on to fewer steps than are done.
  case stepsAreDone(path: String, steps: Int, done: Int)
  /// The run of a folder came to a number that is not finite.
  case endedBadly(path: String, reason: String)
  /// The ablation of a folder has not ended.
  case unfinishedAblation(path: String)
  /// No folder holds a run that ended.
  case nothingToCompare
  /// The checkpoint is another configuration's.
  case foreignCheckpoint(path: String)
  /// Stopped on purpose; the state is saved.
  case stopped(path: String, step: Int, of: Int, by: Interruption.Cause)
  /// A sweep was stopped on purpose; its cells are saved.
  case sweepStopped(path: String, done: Int, of: Int, by: Interruption.Cause)

  /// The command's exit code.
  package var exitCode: Int32 {
    switch self {
    case .changesThePast, .stepsAreDone, .noNotebook, .notANotebook, .folderInUse, .severalRuns,
      .otherResults, .foreignResults, .foreignFiles, .fileInTheWay:
      2
    case .folderUnusable, .file, .noRun, .nothingToCompare, .nothingToReport: 4
    case .noCheckpoint, .noRates, .unfinished, .unfinishedAblation, .endedBadly, .foreignCheckpoint,
      .damagedCell, .damagedSummary, .damagedSweep, .damagedFiles:
      3
    case .stopped(_, _, _, let cause), .sweepStopped(_, _, _, let cause):
      cause.exitCode
    }
  }

  package var description: String {
    switch self {
    case .folderInUse(let path):
      "\(path) already holds a run: continue it with `metarate resume \(path)` or the same command "
        + "and --continue, or choose another --output"
    case .otherResults(let path, let differences):
      "\(path) holds results of other settings than these: choose another --output, or move the "
        + "folder away; there → here:\n\(differences)"
    case .foreignResults(let path, let expected):
      "\(path) holds results of something else than \(expected): choose another folder"
    case .foreignFiles(let path, let name):
      "\(path) holds files of something else, such as \(name): choose a new or an empty folder"
    case .damagedCell(let path):
      "\(path) is not what an ablation writes, or another cell's: remove it to have it computed again"
    case .damagedSweep(let path):
      "\(path) is not what a sweep writes: move the folder away, or choose another --output"
    case .damagedSummary(let path):
      "\(path) is not what a run writes: remove it and continue the run, which writes it again"
    case .folderUnusable(let path, let reason):
      "cannot write the folder \(path): \(reason); choose another --output"
    case .file(let error): "\(error)"
    case .noRun(let path):
      "\(path) holds no run: expected a folder with \(RunFolder.configurationName), as `metarate "
        + "run --output DIR` makes it"
    case .damagedFiles(let count):
      "\(count) file\(count == 1 ? " is" : "s are") damaged, as said above; `metarate checkpoint repair` moves "
        + "them aside"
    case .fileInTheWay(let path):
      "\(path) is there already: remove it, or choose another --output"
    case .noCheckpoint(let path):
      "\(path) holds no checkpoint: expected the folder of a run that has saved a state, or a checkpoint "
        + "itself; of a sweep or an ablation there may be some below \(path)/cells"
    case .noRates(let path):
      "\(path) holds no rates that arms learned: no arm that is done learned any, or its cells were "
        + "computed by an earlier build or with ablation.keepRates=false; remove these cells and compute "
        + "them again with ablation.keepRates=true"
    case .severalRuns(let path, let count):
      "\(path) holds \(count) runs, expected one: name the folder of one, below \(path)/cells"
    case .nothingToReport(let path):
      "\(path) holds no results: expected the folder of a run, a sweep or an ablation, or one above such "
        + "folders"
    case .noNotebook(let path, let isOneOfSeveral):
      "\(path) is nothing that a notebook is made of: expected "
        + (isOneOfSeveral
          ? "the folder of an ablation, as several paths are given"
          : "a checkpoint, or the folder of a run or an ablation")
    case .notANotebook(let path):
      "a notebook cannot be written to \(path): expected a name that ends in .ipynb"
    case .unfinished(let path):
      "the run in \(path) is not finished: go on with `metarate resume \(path)`, or name a checkpoint "
        + "of it"
    case .changesThePast(let path, let differences):
      "the run in \(path) cannot go on with settings that decide what is done already: expected only "
        + "\(LaterSettings.text); there → here:\n\(differences)"
    case .stepsAreDone(let path, let steps, let done):
      "outer.steps: found \(steps), expected \(done) or more: so many steps of the run in \(path) are done"
    case .endedBadly(let path, let reason):
      "the run in \(path) did not end well (\(reason)): expected a finished one; name a checkpoint of it"
    case .unfinishedAblation(let path):
      "the ablation in \(path) is not finished: the same command as before goes on"
    case .nothingToCompare:
      "found no finished run, expected folders of runs or sweeps; give for example results/*/*"
    case .foreignCheckpoint(let path):
      "the newest checkpoint of \(path) was made with another configuration than its "
        + "\(RunFolder.configurationName): put the file back as it was, or start a new run"
    case .stopped(let path, let step, let steps, let cause):
      "\(cause.text) after outer step \(step) of \(steps); everything is saved: "
        + "continue with `metarate resume \(path)`"
    case .sweepStopped(let path, let done, let cells, let cause):
      "\(cause.text) with \(done) of \(cells) cells done; everything is saved in "
        + "\(path): the same command goes on"
    }
  }
}
