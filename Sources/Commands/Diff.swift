import ArgumentParser
import Experiments
import Settings

/// Compares two checkpoints.
struct Diff: LaboratoryCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares two checkpoints or runs: settings first, then rates and weights by tensor.",
    discussion: """
      Of each the best state by validation, or the last where none is known. Rates are held against \
      each other parameter by parameter: the quantiles of B / A where both have one sign, and how far \
      they rank alike.

      Example:
        \(Metarate.name) diff results/quickstart results/layer
      """)

  @Argument(help: ArgumentHelp("Checkpoint, or folder of a run.", valueName: "A"))
  var first: String

  @Argument(help: ArgumentHelp("Another one.", valueName: "B"))
  var second: String

  func run(in laboratory: Laboratory) throws {
    let files = try [first, second].map { path in
      let found = try NamedCheckpoints.best(of: path)
      guard found.count == 1 else { throw RunError.severalRuns(path: path, count: found.count) }
      return found[0]
    }
    let difference = try CheckpointDifference(files[0], files[1], in: laboratory)
    Console.show(difference.text, terminator: "")
  }
}
