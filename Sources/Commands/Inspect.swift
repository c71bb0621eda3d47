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

      Example:
        \(Metarate.name) inspect results/quickstart/checkpoints/best.h5
      """)

  @Argument(help: ArgumentHelp("HDF5 file.", valueName: "file"))
  var file: String

  func run(in laboratory: Laboratory) throws {
    print(try Inspection.text(ofFile: file, in: laboratory))
  }
}
