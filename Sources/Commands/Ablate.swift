import ArgumentParser
import Configurations
import Experiments
import Foundation
import Settings

/// Compares learned rates with tuned baselines.
struct Ablate: LaboratoryCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares ways to choose rates on unseen runs.",
    discussion: """
      The arms are those of ablation.arms: tuned uniform, tuned layer-factor and learned rates unless \
      the configuration says otherwise. Each chooses and is tested ablation.repetitions times, with \
      seeds and test rows of its own. Writes ablation.md, runs.csv, configuration.yaml, \
      provenance.json and, as soon as each is done, cells/ into \
      results/<name>/<hash>-s<seed>-ablation or --output, and prints the tables. The same command \
      again computes what is missing; a signal stops it at once. Other settings, more repetitions \
      among them, are another ablation, in a folder of its own.

      Examples:
        \(Metarate.name) ablate experiments/ablation-digits.yaml
        \(Metarate.name) ablate experiments/ablation-digits.yaml ablation.repetitions=10 \\
          ablation.margin=0.002 --output results/ten
      """)

  @Argument(help: ArgumentHelp("YAML file.", valueName: "config"))
  var config: String

  @Argument(help: ArgumentHelp("Values instead of the file's.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: ArgumentHelp("Folder for the results.", valueName: "dir"))
  var output: String?

  func run(in laboratory: Laboratory) throws {
    let configuration = try ResolvedConfiguration.load(
      path: config, overrides: overrides, in: laboratory, makesPathsAbsolute: true
    ).configuration
    let folder = output.map { RunFolder($0) } ?? .ablation(for: configuration)
    let provenance = Provenance.json(command: CommandLine.arguments)
    let isNew = try folder.prepareForResults(of: configuration, in: laboratory)
    LastWords.set(
      "\(Metarate.name): stopped; finished arms are in \(folder.cells): the same command goes on")
    do {
      try folder.describe(configuration, provenance: provenance)
      let ablation = try Ablation(configuration, in: folder) { Console.note($0 + "\n") }
      try ablation.write(to: folder)
      print(ablation.markdown)
      print("written to \(folder.path)")
    } catch {
      if isNew { folder.removeIfEmpty() }
      throw error
    }
  }
}
