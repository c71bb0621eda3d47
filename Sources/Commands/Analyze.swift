import ArgumentParser
import Experiments
import Settings

/// Explains learned rates.
struct Analyze: LaboratoryCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explains learned rates: what they vary with, and which did not move.",
    discussion: """
      Of the best state by validation of a checkpoint or of a run's folder: quantiles by tensor and \
      layer, how much of their variance coarser rates would have, the layer factor that fits them best, \
      what they rise with (curvature, gradient variance, weights, inputs), which did not move and why, \
      and how close training with them is to the edge of stability. One validation run is trained with \
      them for that.

      Of a sweep's folder: the same shares of variance with intervals over runs that differ in their \
      seeds alone, and how far the rates of such runs agree.

      Examples:
        \(Metarate.name) analyze results/quickstart --output results/quickstart/analysis
        \(Metarate.name) analyze results/quickstart/checkpoints/best.h5
        \(Metarate.name) sweep experiments/digits.yaml --seeds 5 outer.initialWeights=fixed
        \(Metarate.name) analyze results/digits-learned-rates/0123456789-sweep
      """)

  @Argument(help: ArgumentHelp("Checkpoint, or folder of a run or a sweep.", valueName: "path"))
  var path: String

  @Option(
    help: ArgumentHelp(
      "Folder for analysis.txt, parameters.csv and figures.", valueName: "dir"))
  var output: String?

  func run(in laboratory: Laboratory) throws {
    let analyses = try NamedCheckpoints.best(of: path).map {
      try RateAnalysis(ofFile: $0, in: laboratory)
    }
    guard analyses.count > 1 else {
      print(analyses[0].text, terminator: "")
      if let output {
        let figures = try analyses[0].write(to: output)
        print("\nparameters   \(output)/parameters.csv")
        for figure in figures { print("figure       \(figure)") }
      }
      return
    }
    let groups = RepeatedAnalysis.groups(analyses)
    print(groups.map(\.text).joined(separator: "\n"), terminator: "")
  }
}
