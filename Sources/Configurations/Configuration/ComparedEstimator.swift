import MetaLearning
import Settings

/// What a hypergradient can be asked of besides by a run: an estimator, or the implicit function
/// theorem for weight decay.
package enum ComparedEstimator: Sendable {
  /// An estimator of the rates' hypergradient.
  case estimator(any HypergradientEstimator)
  /// The implicit function theorem.
  case implicit(ImplicitComparisonSettings)

  /// Reads what stands after `--estimator`: a kind, or a mapping with its numbers, as strictly as
  /// `hypergradient.estimator` in a configuration.
  package init(option text: String, in laboratory: Laboratory) throws(ConfigurationError) {
    let source = ConfigurationSource.commandLine("--estimator \(text)")
    let node = try ConfigurationNode(yaml: text, path: "estimator") { _, _ in source }
    let option = ConfigurationNode(
      .mapping([ConfigurationNode.Entry("estimator", at: source, node)]), at: source)
    if (node["kind"] ?? node).word == ImplicitComparisonSettings.word {
      var laboratory = laboratory
      laboratory[.implicit].add(ImplicitComparisonSettings())
      self = .implicit(
        try Option<Implicit>.read(option, in: laboratory, standard: Option()).estimator)
    } else {
      self = .estimator(
        try Option<Estimators>.read(option, in: laboratory, standard: Option()).estimator)
    }
  }
}

/// A family that `--estimator` chooses from.
private protocol OptionFamily {
  associatedtype Member: Sendable
  static var family: Family<Member> { get }
  static var standard: Member { get }
}

private enum Estimators: OptionFamily {
  static var family: Family<any HypergradientEstimator> { .estimators }
  static var standard: any HypergradientEstimator { ReverseEstimator() }
}

private enum Implicit: OptionFamily {
  static var family: Family<ImplicitComparisonSettings> { .implicit }
  static var standard: ImplicitComparisonSettings { ImplicitComparisonSettings() }
}

private struct Option<Choices: OptionFamily>: Configurable {
  var estimator = Choices.standard

  static var schema: Schema<Self> {
    Schema(
      "an estimator",
      Setting("estimator", \.estimator, .kind(of: Choices.family), "which estimator"))
  }
}

extension Family<ImplicitComparisonSettings> {
  fileprivate static var implicit: Self { Family("an estimator") { $0 } }
}

/// Numbers of the two solvers of implicit differentiation.
package struct ImplicitComparisonSettings: Kind {
  /// Iterations of conjugate gradients, at most.
  package var iterations = 100
  /// The relative residual that they stop at.
  package var tolerance = 1e-8
  /// Terms of the Neumann series.
  package var terms = 200

  package static let word = "implicit"
  package static let schema = Schema<Self>(
    "the implicit function theorem, for coupled weight decay",
    Setting("iterations", \.iterations, .integer(), "iterations of conjugate gradients, at most"),
    Setting("tolerance", \.tolerance, .number(.positive), "the relative residual to stop at"),
    Setting("terms", \.terms, .integer(), "terms of the Neumann series"))
}
