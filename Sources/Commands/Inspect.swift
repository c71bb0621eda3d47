import ArgumentParser
import Experiments
import Settings

/// Shows what a checkpoint holds.
struct Inspect: LaboratoryCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the tree of an HDF5 file and, for checkpoints, the rates by tensor.",
    discussion: """
      Of the rates of the best state by validation and of the last one: quantiles, and how many \
      moved by more than 1 % from where learning started, are negative, or lie at a bound of their parameterization.
      Of a run's folder, the newest checkpoint, which has the best state too. What cannot be read of \
      somebody else's file or of a damaged one is named, and hides nothing else.

      Examples:
        \(Metarate.name) inspect results/quickstart
        \(Metarate.name) inspect results/quickstart/checkpoints/best.h5
      """)

  @Argument(help: ArgumentHelp("HDF5 file, or folder of a run.", valueName: "path"))
  var path: String

  func run(in laboratory: Laboratory) throws {
    let file = try NamedCheckpoints.newest(of: path)
    if file != path { Console.show("file: \(file)") }
    let (text, damage) = try Inspection.text(ofFile: file, in: laboratory)
    Console.show(text)
    if let damage { throw damage }
  }
}
