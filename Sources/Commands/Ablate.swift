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
      the configuration says otherwise. Writes ablation.md, runs.csv, configuration.yaml and provenance.json into results/<name> or \
      --output, and prints the tables.

      Example:
        \(Metarate.name) ablate experiments/ablation-digits.yaml
      """)

  @Argument(help: ArgumentHelp("YAML file.", valueName: "config"))
  var config: String

  @Argument(help: ArgumentHelp("Values instead of the file's.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: ArgumentHelp("Folder for the results.", valueName: "dir"))
  var output: String?

  func run(in laboratory: Laboratory) throws {
    let configuration = try ResolvedConfiguration.load(
      path: config, overrides: overrides, in: laboratory
    ).configuration
    let folder = output ?? "results/\(configuration.name)"
    let provenance = Provenance.json(command: CommandLine.arguments)
    let isNew = try RunFolder(folder).prepareForResults(of: configuration, in: laboratory)
    let ablation: Ablation
    do {
      ablation = try Ablation(configuration) { Console.note($0 + "\n") }
    } catch {
      // Refused by the system unless the folder is empty.
      if isNew { rmdir(folder) }
      throw error
    }
    try ablation.write(to: folder, provenance: provenance)
    print(ablation.markdown)
    print("written to \(folder)")
  }
}
