import ArgumentParser
import Experiments
import Foundation

/// Compares learned rates with tuned baselines.
struct Ablate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares tuned uniform, tuned layer-factor and learned rates on unseen runs.",
    discussion: """
      Writes ablation.md, runs.csv, configuration.yaml and provenance.json into results/<name> or \
      --output, and prints the tables.

      Example:
        metarate ablate experiments/ablation-digits.yaml
      """)

  @Argument(help: ArgumentHelp("YAML file.", valueName: "config"))
  var config: String

  @Argument(help: ArgumentHelp("Values instead of the file's.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: ArgumentHelp("Folder for the results.", valueName: "dir"))
  var output: String?

  func run() throws {
    let configuration = try ResolvedConfiguration.load(path: config, overrides: overrides)
      .configuration
    let folder = output ?? "results/\(configuration.name)"
    let provenance = Provenance.json(command: CommandLine.arguments)
    let ablation = try Ablation(configuration) { Console.note($0 + "\n") }
    try ablation.write(to: folder, provenance: provenance)
    print(ablation.markdown)
    print("written to \(folder)")
  }
}
