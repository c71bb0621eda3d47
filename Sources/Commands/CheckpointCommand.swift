import ArgumentParser
import Experiments

/// Takes care of checkpoints.
struct CheckpointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "Lists, verifies, extracts and repairs the checkpoints of a run.",
    discussion: """
      Examples:
        \(Metarate.name) checkpoint list results/quickstart
        \(Metarate.name) checkpoint verify results/quickstart
        \(Metarate.name) checkpoint extract results/quickstart --group /rates --output rates.h5
        \(Metarate.name) checkpoint repair results/quickstart
      """, subcommands: [List.self, Verify.self, Extract.self, Repair.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints a run's checkpoints: step, size, validation, the hash of their contents.")

    @Argument(help: ArgumentHelp("Folder of a run.", valueName: "folder"))
    var path: String

    func run() throws { Console.show(try CheckpointList.text(of: path)) }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reads everything that a run keeps, and says what is damaged.",
      discussion: """
        Every file is proven by its hashes, and by the checksums of what is in it. The exit code is 3 \
        where any is damaged. Nothing is changed.
        """)

    @Argument(help: ArgumentHelp("Folders of runs.", valueName: "folder"))
    var paths: [String]

    func run() throws {
      var damaged = 0
      for path in paths {
        let audit = try FolderAudit(of: path)
        Console.show((paths.count > 1 ? "\(path)\n" : "") + audit.text)
        damaged += audit.damagedCount
      }
      if damaged > 0 { throw RunError.damagedFiles(count: damaged) }
    }
  }

  struct Extract: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Copies datasets of a checkpoint to a file, also what a damaged one still has.",
      discussion: """
        What cannot be read is named, and the exit code is then 3; what can is in the file. Of a folder, \
        the newest checkpoint unless --step names another.
        """)

    @Argument(help: ArgumentHelp("Checkpoint, or folder of a run.", valueName: "path"))
    var path: String

    @Option(help: ArgumentHelp("The checkpoint of this outer step.", valueName: "step"))
    var step: Int?

    @Option(
      name: .customLong("group"),
      help: ArgumentHelp("What to take, such as /rates; several times; all.", valueName: "path"))
    var groups: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("The new file.", valueName: "file"))
    var output: String

    func run() throws {
      let file = try NamedCheckpoints.file(of: path, step: step)
      let extract = try CheckpointExtract(file, groups: groups, to: output)
      Console.show("\(extract.count) datasets of \(file) are in \(output)")
      for problem in extract.problems { Console.show(problem) }
      if !extract.problems.isEmpty { throw RunError.damagedFiles(count: 1) }
    }
  }

  struct Repair: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Moves what is damaged aside and lists the rest again, so that a run can go on.",
      discussion: """
        Nothing is removed: damaged files are kept as *.damaged. `\(Metarate.name) resume` does the same \
        by itself, and goes on.
        """)

    @Argument(help: ArgumentHelp("Folder of a run.", valueName: "folder"))
    var path: String

    func run() throws {
      let lines = try FolderRepair.repair(path)
      Console.show(lines.isEmpty ? "nothing was out of order" : lines.joined(separator: "\n"))
    }
  }
}
