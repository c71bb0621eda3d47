import Configurations
import Experiments
import MetaLearning
import Settings
import Testing

/// The example of the design, section 9.
let designExample = """
  name: digits-learned-rates
  task: { kind: digits, validation: 0.25, test: 0.25 }
  model: { kind: mlp, hidden: [64, 64], activation: tanh }
  inner:
    optimizer: { kind: momentum, momentum: 0.9 }
    steps: 100
    batch: 64
    clip: { kind: globalNorm, limit: 1.0 }
    schedule: { kind: cosine, final: 0.1 }
  rates: { granularity: parameter, time: constant, parameterization: log, initial: { kind: uniform, rate: 0.3 } }
  hypergradient: { estimator: reverse, memory: segments }
  outer: { optimizer: { kind: adam, rate: 0.02 }, steps: 200, learn: [rates], tasks: 8, initialWeights: fresh, objective: final }
  checkpoint: { every: 1 }
  seed: 0
  precision: single

  """

/// The message of the error that a text or its overrides give; nil if there is none.
func errorText(of yaml: String, overrides: [String] = []) -> String? {
  do {
    _ = try ResolvedConfiguration.parse(yaml: yaml, name: "run.yaml", overrides: overrides)
    return nil
  } catch {
    return error.description
  }
}

/// A text and what is said of it.
struct Refusal: Sendable, CustomTestStringConvertible {
  let found: String
  let message: String

  var testDescription: String { found }

  private static let kinds = [
    "tasks": Laboratory.standard.tasks.words, "models": Laboratory.standard.models.words,
    "optimizers": Laboratory.standard.optimizers.words,
    "clips": Laboratory.standard.transformations.members.filter(\.isClip).map(\.word),
    "estimators": Laboratory.standard.estimators.words,
    "initialRates": Laboratory.standard.initialRates.words,
  ]

  /// Blocks between empty lines: the text, and behind an arrow on the last line what is said of it.
  /// Words such as `‹tasks›` stand for the kinds that the standard laboratory has.
  static func table(_ text: String) -> [Refusal] {
    kinds.reduce(text) { $0.replacing("‹\($1.key)›", with: Suggestion.list($1.value)) }.split(
      separator: "\n\n"
    ).map { block in
      let parts = "\n\(block)".split(separator: "\n→ ", omittingEmptySubsequences: false)
      return Refusal(found: String(parts[0].dropFirst()), message: String(parts[1]))
    }
  }
}
