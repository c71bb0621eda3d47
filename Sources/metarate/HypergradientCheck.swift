import ArgumentParser
import Experiments

/// Compares the exact hypergradient with another way to compute it.
struct HypergradientCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hypergradient",
    abstract: "Compares a configuration's hypergradient with another way to compute it.",
    discussion: """
      forward pushes one tangent a rate through the whole run: for few rates. finiteDifferences \
      compares derivatives along random directions. Use precision=double to see agreement to \
      rounding. Exit code 1 where they do not agree.

      Examples:
        metarate hypergradient experiments/digits.yaml --against finiteDifferences precision=double
        metarate hypergradient experiments/digits.yaml --against forward rates.granularity=layer
      """)

  @Argument(help: ArgumentHelp("YAML file.", valueName: "config"))
  var config: String

  @Argument(help: ArgumentHelp("Values instead of the file's.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: "What to compare with: forward or finiteDifferences.")
  var against: HypergradientComparison.Reference

  func run() throws {
    let configuration = try ResolvedConfiguration.load(path: config, overrides: overrides)
      .configuration
    let comparison = try HypergradientComparison(configuration, against: against)
    print(comparison.text)
    if !comparison.agrees {
      throw CheckFailed(message: "metarate: the hypergradients do not agree")
    }
  }
}

extension HypergradientComparison.Reference: ExpressibleByArgument {}
