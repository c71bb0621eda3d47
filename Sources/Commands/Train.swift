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
        \(Metarate.name) train experiments/digits.yaml --keep-run run.npz
        \(Metarate.name) train experiments/digits.yaml inner.steps=1000 \\
          'rates.initial={kind: checkpoint, file: results/digits/checkpoints/best.h5}'
      """)

  @OptionGroup var given: ConfigurationArguments

  @Option(help: ArgumentHelp("Folder for the results.", valueName: "dir"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Also write the first validation run for others to train the same: data, batches, weights.",
      valueName: "file.npz"))
  var keepRun: String?

  func run(in laboratory: Laboratory) throws {
    if let keepRun { try RunFolder.requireNew(keepRun) }
    let configuration = try given.loadToKeep(in: laboratory).configuration
    let folder = output.map { RunFolder($0) } ?? .training(for: configuration)
    let (runs, figure) = try folder.keepingResults(
      of: configuration,
      provenance: Provenance.json(
        command: CommandLine.arguments,
        files: try FileContents.hashes(of: configuration, in: laboratory)), in: laboratory
    ) {
      let runs = try TrainedRuns(configuration)
      for note in runs.startNotes { Console.note("note: \(note)\n") }
      return (runs, try TrainingFiles.write(runs, to: folder))
    }
    if let keepRun { try runs.first.write(to: keepRun) }
    Console.show(TrainingReport.text(runs))
    Console.show("\ncurves       \(folder.path)/curves.csv, curves.h5\nfigure       \(figure)")
  }
}
