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
      seeds alone, and how far the rates of such runs agree. Of an ablation's folder: the same of every \
      arm that learned, over its repetitions.

      Examples:
        \(Metarate.name) analyze results/quickstart --output results/quickstart/analysis
        \(Metarate.name) analyze results/quickstart/checkpoints/best.h5
        \(Metarate.name) sweep experiments/digits.yaml --seeds 5 outer.initialWeights=fixed
        \(Metarate.name) analyze results/digits-learned-rates/0123456789-sweep
        \(Metarate.name) analyze results/digits-learned-rates/0123456789-s0-ablation
      """)

  @Argument(
    help: ArgumentHelp("Checkpoint, or folder of a run, a sweep or an ablation.", valueName: "path")
  )
  var path: String

  @Option(
    help: ArgumentHelp(
      "Folder for analysis.txt, figures and, of one checkpoint, parameters.csv.", valueName: "dir"))
  var output: String?

  func run(in laboratory: Laboratory) throws {
    let arms = try AblationRates(of: path, in: laboratory)?.arms
    let files = try arms?.map(\.files) ?? [NamedCheckpoints.best(of: path)]
    let progress = ProgressLines()
    defer { progress.clear() }
    let count = files.reduce(0) { $0 + $1.count }
    var done = 0
    let found = try files.map { files in
      try files.map { file in
        done += 1
        if done > 1 { progress.tell(.doing("analyzing checkpoint \(done) of \(count): \(file)")) }
        return try RateAnalysis(ofFile: file, in: laboratory)
      }
    }
    progress.clear()
    let analyses = found[0]
    guard arms != nil || analyses.count > 1 else {
      Console.show(analyses[0].text, terminator: "")
      if let output {
        let figures = try analyses[0].write(to: output)
        Console.show("\nparameters   \(output)/parameters.csv")
        for figure in figures { Console.show("figure       \(figure)") }
      }
      return
    }
    let groups =
      arms.map { zip($0, found).map { RepeatedAnalysis(name: $0.name, $1) } }
      ?? RepeatedAnalysis.groups(analyses)
    Console.show(groups.map(\.text).joined(separator: "\n"), terminator: "")
    if let output {
      for figure in try RepeatedAnalysis.write(groups, to: output) {
        Console.show("figure       \(figure)")
      }
    }
  }
}
