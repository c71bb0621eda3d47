import ArgumentParser
import Experiments
import Settings

/// Gathers runs into one table.
struct Compare: LaboratoryCommand {
  static let configuration = CommandConfiguration(
    abstract: "Gathers finished runs into one table, with intervals over seeds.",
    discussion: """
      Takes folders of runs and of sweeps, whose cells are all taken. Runs that differ in nothing \
      but seed and task.splitSeed are a group, and a row of the table: the settings that tell \
      groups apart, test loss of the start and of the learned state, and their difference, with \
      Student's 95 % intervals over seeds where there are two or more.

      A run that came to a number that is not finite counts as the worst. Runs that are unfinished \
      or damaged are named and left out: the exit code is then 1, and 4 where no run is left. A run \
      that is given twice counts once.

      Examples:
        \(Metarate.name) compare results/digits-learned-rates/*
        \(Metarate.name) compare results/digits-learned-rates/0123456789-sweep --csv runs.csv
      """)

  @Argument(help: ArgumentHelp("Folders of runs or sweeps.", valueName: "dir"))
  var folders: [String]

  @Option(help: ArgumentHelp("Also write a row for each run into a file.", valueName: "file"))
  var csv: String?

  func run(in laboratory: Laboratory) throws {
    let found = ComparedFolders(folders, in: laboratory)
    for duplicate in found.duplicates { Console.note("note: \(duplicate); it counts once\n") }
    for omission in found.omissions { Console.note("left out: \(omission)\n") }
    guard !found.records.isEmpty else { throw RunError.nothingToCompare }
    let comparison = RunComparison(found.records)
    Console.show(comparison.text)
    if let csv {
      try comparison.write(to: csv)
      Console.show("\ntable        \(csv)")
    }
    if !found.omissions.isEmpty {
      let count = found.omissions.count
      throw CheckFailed(
        message:
          "metarate: \(count) \(count == 1 ? "folder was" : "folders were") left out of the table")
    }
  }
}
