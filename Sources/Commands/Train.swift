import ArgumentParser
import Configurations
import Experiments
import Foundation
import Settings

/// Trains with given rates.
struct Train: LaboratoryCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains with rates as they are, and shows the losses step by step.",
    discussion: """
      Nothing is learned: rates are those of rates.initial, such as a uniform rate, a layer factor or \
      a checkpoint's best. Writes curves.h5, curves.csv, configuration.yaml, provenance.json and \
      figures/inner-curves into results/<name>/<hash>-s<seed>-train or --output; the same command \
      again writes the same numbers.

      Examples:
        \(Metarate.name) train experiments/digits.yaml
        \(Metarate.name) train experiments/digits.yaml rates.initial.rate=0.3 testRuns=100
        \(Metarate.name) train experiments/digits.yaml inner.steps=1000 \\
          'rates.initial={kind: checkpoint, file: results/digits/checkpoints/best.h5}'
      """)

  @Argument(help: ArgumentHelp("YAML file.", valueName: "config"))
  var config: String

  @Argument(
    help: ArgumentHelp("Values instead of the file's: inner.steps=50.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: ArgumentHelp("Folder for the results.", valueName: "dir"))
  var output: String?

  func run(in laboratory: Laboratory) throws {
    let configuration = try ResolvedConfiguration.load(
      path: config, overrides: overrides, in: laboratory, makesPathsAbsolute: true
    ).configuration
    let folder = output.map { RunFolder($0) } ?? .training(for: configuration)
    let provenance = Provenance.json(command: CommandLine.arguments)
    let isNew = try folder.prepareForResults(of: configuration, in: laboratory)
    let runs: TrainedRuns
    do {
      runs = try TrainedRuns(configuration)
    } catch {
      if isNew { folder.removeIfEmpty() }
      throw error
    }
    for note in runs.startNotes { Console.note("note: \(note)\n") }
    let figure = try TrainingFiles.write(runs, to: folder, provenance: provenance)
    print(TrainingReport.text(runs))
    print("\ncurves       \(folder.path)/curves.csv, curves.h5\nfigure       \(figure)")
  }
}
