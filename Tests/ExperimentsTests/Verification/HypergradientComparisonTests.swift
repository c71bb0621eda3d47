import Configurations
import Experiments
import MetaLearning
import Settings
import TensorPrograms
import TestSupport
import Testing

@Suite("Comparing estimators")
struct HypergradientComparisonTests {
  private func configuration(_ overrides: [String] = []) throws -> RunConfiguration {
    try ResolvedConfiguration.parse(
      yaml: """
        name: small
        task: { kind: sinusoid, support: 4, query: 4 }
        model: { kind: mlp, hidden: [5] }
        inner: { steps: 6 }
        rates: { granularity: layer, initial: { kind: uniform, rate: 0.05 } }
        outer: { tasks: 2 }
        precision: double
        """, name: "small", overrides: overrides
    ).configuration
  }

  private func compare(
    _ option: String, against reference: HypergradientComparison.Reference = .reverse,
    _ overrides: [String] = []
  ) throws -> HypergradientComparison {
    guard case .estimator(let estimator) = try ComparedEstimator(option: option, in: .standard)
    else {
      throw RateError.unsupported(option)
    }
    return try HypergradientComparison(
      try configuration(overrides), estimator, against: reference, batches: 2
    ) { _ in nil }
  }

  @Test(
    "every estimator against every reference",
    arguments: [
      "reverse", "truncated", "{ kind: truncated, window: 2 }", "forward", "diagonalForward",
      "{ kind: diagonalForward, decay: 0.5 }", "online", "firstOrder",
      "{ kind: evolution, pairs: 2 }", "{ kind: evolution, pairs: 2, window: 3 }",
    ], HypergradientComparison.Reference.allCases)
  func everyEstimator(_ option: String, _ reference: HypergradientComparison.Reference) throws {
    let comparison = try compare(option, against: reference)
    #expect(comparison.verdict == .agree)
    let isExact = ["reverse", "truncated", "forward"].contains(option)
    #expect(comparison.text.contains("is an estimate") == !isExact)
    #expect(comparison.text.contains("not measured"))
    if reference != .finiteDifferences {
      #expect(comparison.text.contains("\nall  ") && comparison.text.contains("000_dense"))
      #expect(comparison.text.contains("bias") && comparison.text.contains("variance over batches"))
    }
  }

  @Test("what reverse sweeps keep is told, a limit as the policy that keeps it")
  func memory() throws {
    let binomial = ["hypergradient.memory={kind: binomial, snapshots: 2}"]
    let text = try compare("{kind: truncated, window: 5}", binomial).text
    // Five and six steps from two snapshots.
    for (name, steps) in [("truncated", 5), ("reverse", 6)] {
      let advanced = UnrollMemory.binomial(snapshots: 2).advancedSteps(length: steps)
      #expect(text.contains("\(name): memory policy binomial with 2 snapshots; \(advanced) steps"))
    }
    let limited = try compare("reverse", ["hypergradient.memory=1 GiB"]).text
    #expect(limited.contains("reverse: memory policy storeAll, the fastest"))
    #expect(!(try compare("online", against: .forward, binomial).text.contains("memory policy")))
  }

  /// Batch normalization takes out what a bias before it adds: both sides find rounding alone.
  @Test("tensors without a hypergradient agree")
  func nothingButRounding() throws {
    let images = [
      "task=digits", "model={kind: convolutional, filters: [2]}", "inner.steps=2", "inner.batch=4",
      "outer.tasks=1",
    ]
    #expect(try compare("reverse", against: .forward, images).verdict == .agree)
  }

  /// At these rates single precision cannot follow the loss; only exact estimators are told so.
  @Test("of estimates nothing is expected")
  func disagreement() throws {
    let wild = ["precision=single", "rates.initial.rate=1", "inner.steps=30"]
    #expect(try compare("reverse", against: .finiteDifferences, wild).verdict == .cannotTell)
    #expect(try compare("online", against: .finiteDifferences, wild).verdict == .agree)
  }

  @Test(
    "what cannot work is one line",
    arguments: [
      ("{ kind: evolution, window: 4 }", [], "divides the 6 inner steps"),
      ("online", ["rates.time=step"], "rates.time constant"),
      ("diagonalForward", ["rates.time=step"], "rates.time constant"),
      ("forward", ["rates.granularity=parameter", "model.hidden=[400]"], "granularity=layer"),
    ])
  func refusals(_ option: String, _ overrides: [String], _ expected: String) throws {
    let error = #expect(throws: RateError.self) { try compare(option, overrides) }
    let message = try #require(error).description
    #expect(message.contains(expected) && !message.contains("\n"), "\(message)")
  }

  @Test(
    "options are read as strictly as configurations",
    arguments: [
      ("truncatd", "did you mean \"truncated\"?"), ("{kind: truncated, windw: 3}", "\"window\"?"),
      ("{kind: truncated, window: 0}", "found 0"), ("3", "found 3"), ("", "found nothing"),
      ("{kind: implicit, terms: no}", "terms"), ("finiteDifferences", "--against"),
    ])
  func unreadable(_ option: String, _ expected: String) throws {
    let error = #expect(throws: ConfigurationError.self) {
      try ComparedEstimator(option: option, in: .standard)
    }
    let message = try #require(error).description
    #expect(message.contains(expected) && message.contains("--estimator"), "\(message)")
  }

  @Test("options have the defaults of configurations")
  func defaults() throws {
    func read(_ option: String) throws -> String {
      switch try ComparedEstimator(option: option, in: .standard) {
      case .estimator(let estimator): written(estimator)
      case .implicit(let solvers): written(solvers)
      }
    }
    #expect(try read("truncated") == written(TruncatedEstimator(window: 10)))
    #expect(
      try read("{ kind: evolution, window: 5 }")
        == written(EvolutionEstimator(pairs: 16, deviation: 0.01, window: 5)))
    #expect(
      try read("{ kind: implicit, terms: 7 }")
        == "implicit { iterations: 100, tolerance: 1.0e-08, terms: 7 }")
    for name in Laboratory.standard.estimators.words + ["implicit"] {
      #expect(try read(name).hasPrefix(name + " {"))
    }
  }

  @Test("implicit differentiation prints both solvers beside reverse mode")
  func implicit() throws {
    let option = "{ kind: implicit, iterations: 5, tolerance: 1e-6, terms: 5 }"
    guard case .implicit(let solvers) = try ComparedEstimator(option: option, in: .standard) else {
      throw RateError.unsupported(option)
    }
    let decay = "inner.transformations=[{kind: weightDecay, rate: 0.1}]"
    let text = try ImplicitComparison(
      try configuration([decay]), solvers
    ).text
    for part in ["conjugate gradients", "Neumann series", "reverse", "residual", "zero"] {
      #expect(text.contains(part))
    }
    #expect(throws: RateError.self) {
      try ImplicitComparison(try configuration(), solvers)
    }
  }
}
