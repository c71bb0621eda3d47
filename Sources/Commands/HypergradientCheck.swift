import ArgumentParser
import Configurations
import Experiments
import Foundation
import MetaLearning
import Settings

/// Compares ways to compute the hypergradient.
struct HypergradientCheck: LaboratoryCommand {
  static let configuration = CommandConfiguration(
    commandName: "hypergradient",
    abstract: "Compares a way to compute a configuration's hypergradient with an exact one.",
    discussion: """
      The estimator is a kind, or a mapping with its numbers, as in hypergradient.estimator \
      (`\(Metarate.name) config keys estimator` lists them); without --estimator it is the configuration's \
      own. Compared are the unconstrained rates' hypergradients, those \
      of nothing else, at the initial rates over a few batches of runs: cosine, relative error, \
      bias, variance, seconds and peak memory, each side measured in a process of its own. A bias \
      no larger than its standard error is no evidence of one.

      reverse is exact for any number of rates; forward pushes one tangent per rate: for few rates. \
      finiteDifferences compares derivatives along directions of length 1, over the first batch: \
      the hypergradient's own, that of its part in each tensor, which tells the tensor that is \
      wrong, and random ones, which see errors across the hypergradient. Of each it shows central \
      differences at the step where neighbouring steps agree best, how far these spread and what \
      rounding does. A direction for which the two together are more than a tenth of the derivative cannot tell. \
      It takes some thirty evaluations of the objective a direction. \
      Use precision=double to see agreement to rounding. Exit code 1 where both sides are exact and \
      do not agree, or where most directions cannot tell.

      --estimator implicit is for coupled weight decay: dF/dλ at the trained weights by conjugate \
      gradients and by a Neumann series, beside reverse mode; --against and --batches are for the \
      others. The weights must come near a minimum: take long runs, enough weight decay and, for \
      agreement in more than a digit, all training examples in each batch.

      Examples:
        \(Metarate.name) hypergradient experiments/digits.yaml --estimator diagonalForward
        \(Metarate.name) hypergradient experiments/digits.yaml \\
          --estimator '{kind: truncated, window: 20}'
        \(Metarate.name) hypergradient experiments/digits.yaml --batches 8 \\
          --estimator '{kind: evolution, pairs: 64, deviation: 0.01, window: 20}'
        \(Metarate.name) hypergradient experiments/digits.yaml precision=double \\
          --against finiteDifferences
        \(Metarate.name) hypergradient experiments/digits.yaml rates.granularity=layer \\
          --against forward
        \(Metarate.name) hypergradient experiments/digits.yaml precision=double \\
          inner.steps=300 inner.batch=899 outer.tasks=1 model=logisticRegression \\
          'inner.transformations=[{kind: weightDecay, rate: 0.1}]' \\
          --estimator implicit
      """)

  @OptionGroup var given: ConfigurationArguments

  @Option(
    help: ArgumentHelp(
      "What to compare: a kind, or a mapping such as '{kind: truncated, window: 20}'.",
      valueName: "estimator"))
  var estimator: String?

  @Option(help: "What to compare with: reverse, forward or finiteDifferences.")
  var against = HypergradientComparison.Reference.reverse

  @Option(help: ArgumentHelp("Batches of runs to compare over.", valueName: "n"))
  var batches = 4

  /// Which side a process measures, and prints as JSON.
  enum Side: String, ExpressibleByArgument { case estimator, reference }

  @Option(
    help: "Compare nothing: measure one side, estimator or reference, and print a line of JSON.")
  var measure: Side?

  func validate() throws {
    guard batches >= 1 else { throw ValidationError("--batches must be at least 1") }
  }

  func run(in laboratory: Laboratory) throws {
    let configuration = try given.load(in: laboratory).configuration
    let compared =
      try estimator.map { try ComparedEstimator(option: $0, in: laboratory) }
      ?? .estimator(configuration.outer.estimator)
    switch compared {
    case .implicit(let solvers): Console.show(try ImplicitComparison(configuration, solvers).text)
    case .estimator(let specification):
      let own = HypergradientSide.estimator(specification)
      if let measure {
        let side = measure == .estimator ? own : against.side
        Console.show(try HypergradientComparison.cost(configuration, side).json)
        return
      }
      try compare(configuration, specification)
    }
  }

  private func compare(
    _ configuration: RunConfiguration, _ estimator: any HypergradientEstimator
  ) throws {
    let comparison = try HypergradientComparison(
      configuration, estimator, against: against, batches: batches
    ) { isReference in
      // The same command once more, for this side alone.
      let executable =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        ?? CommandLine.arguments[0]
      return HypergradientCost.ofProcess(
        executable,
        CommandLine.arguments.dropFirst() + [
          "--measure", (isReference ? Side.reference : .estimator).rawValue,
        ])
    }
    Console.show(comparison.text)
    switch comparison.verdict {
    case .agree: break
    case .differ: throw CheckFailed(message: "metarate: the hypergradients do not agree")
    case .cannotTell:
      throw CheckFailed(
        message: "metarate: finite differences cannot tell whether the hypergradient is right")
    }
  }
}

extension HypergradientComparison.Reference: ExpressibleByArgument {}
