import Configurations
import Foundation
import MetaLearning
import Reports
import TensorPrograms

/// A configuration's hypergradient by one estimator beside a reference, at the initial rates.
package struct HypergradientComparison: Sendable {
  /// What an estimator is held against.
  package enum Reference: String, Sendable, CaseIterable {
    case reverse, forward, finiteDifferences

    package var side: HypergradientSide {
      switch self {
      case .reverse: .estimator(ReverseEstimator())
      case .forward: .estimator(ForwardEstimator())
      case .finiteDifferences: .finiteDifferences
      }
    }
  }

  /// The tables.
  package let text: String
  /// Whether estimator and reference agree, where both are exact.
  package let verdict: AgreementVerdict

  /// Compares over some batches.
  ///
  /// - Parameter cost: measures the estimator's or the reference's side in a process of its own;
  ///   nil where that failed.
  /// - Throws: `RateError.unsupported` where a side cannot work for the configuration.
  package init(
    _ configuration: RunConfiguration, _ estimator: any HypergradientEstimator,
    against reference: Reference, batches: Int, cost: (_ isReference: Bool) -> HypergradientCost?
  ) throws {
    let sides = (HypergradientSide.estimator(estimator), reference.side)
    for side in [sides.0, sides.1] { try HypergradientComparison.check(side, configuration) }
    let comparison = try HypergradientComparison.compare(
      configuration, try configuration.makeTask(), estimator, reference, batches)
    verdict = comparison.verdict
    let costs = HypergradientComparison.costs(
      [(sides.0.name, cost(false)), (sides.1.name, cost(true))],
      isDirectional: reference == .finiteDifferences)
    text =
      comparison.text + "\n" + costs
      + comparison.memory.map { $0 + "\n" }.joined() + "\n" + comparison.conclusion
  }

  /// What one side costs, measured in this process.
  package static func cost(
    _ configuration: RunConfiguration, _ side: HypergradientSide
  ) throws -> HypergradientCost {
    try check(side, configuration)
    func measure(_ task: some LearningTask) throws -> HypergradientCost {
      let setting = try HypergradientSetting(configuration, task)
      try check(side, rates: setting.problem.rates)
      return try HypergradientCost(side, setting)
    }
    return try measure(try configuration.makeTask())
  }

  private static func check(
    _ side: HypergradientSide, _ configuration: RunConfiguration
  ) throws {
    guard case .estimator(let specification) = side else { return }
    let (inner, rates) = (configuration.inner, configuration.rates)
    if let reason = specification.conflict(
      steps: inner.steps, rates: rates, isHorizonFixed: true)
    {
      throw RateError.unsupported("the estimator \(specification.word): \(reason)")
    }
  }

  private static func check(_ side: HypergradientSide, rates: RateLayout) throws {
    guard case .estimator(let specification) = side, let most = specification.mostRates,
      rates.count > most
    else { return }
    throw RateError.unsupported(
      "the estimator \(specification.word) for \(rates.count) rates: its cost grows with them, at "
        + "most \(most); try rates.granularity=layer")
  }

  private struct Outcome {
    var text: String
    var verdict: AgreementVerdict
    var conclusion: String
    /// What the sides' reverse sweeps keep.
    var memory: [String] = []
  }

  private static func compare<Task: LearningTask>(
    _ configuration: RunConfiguration, _ task: Task, _ estimator: any HypergradientEstimator,
    _ reference: Reference, _ batches: Int
  ) throws -> Outcome {
    let setting = try HypergradientSetting(configuration, task)
    for side in [.estimator(estimator), reference.side] {
      try check(side, rates: setting.problem.rates)
    }
    let point = try setting.initialPoint()
    let isExact = estimator.isExact(steps: configuration.inner.steps)
    let isDouble = configuration.precision == .double
    var outcome: Outcome
    switch reference.side {
    case .finiteDifferences:
      outcome = try directional(setting, point, estimator, isExact: isExact)
    case .estimator(let other):
      let found = try hypergradients(setting, point, estimator, batches)
      let expected = try hypergradients(setting, point, other, batches)
      outcome = tensors(
        setting.problem.rates.names, found, expected, (estimator.word, other.word),
        "\(batches) \(batches == 1 ? "batch" : "batches") of \(configuration.outer.tasks) runs",
        isExact: isExact, tolerance: isDouble ? 1e-10 : 1e-3)
      if other.node != estimator.node || other.word != estimator.word {
        outcome.memory += try setting.memoryText(other).map { [$0] } ?? []
      }
    }
    outcome.memory.insert(contentsOf: try setting.memoryText(estimator).map { [$0] } ?? [], at: 0)
    return outcome
  }

  /// By batch and unconstrained tensor.
  private static func hypergradients<Task: LearningTask>(
    _ setting: HypergradientSetting<Task>, _ point: Hyperparameters,
    _ specification: any HypergradientEstimator,
    _ batches: Int
  ) throws -> [[[Double]]] {
    let estimator = try setting.estimator(specification)
    return (0..<batches).map { batch in
      estimator(setting.batch(batch), at: point).gradient.rates.map(\.doubles)
    }
  }

  private static func tensors(
    _ names: [ParameterPath], _ found: [[[Double]]], _ expected: [[[Double]]],
    _ sides: (String, String), _ over: String, isExact: Bool, tolerance: Double
  ) -> Outcome {
    func row(_ name: String, _ agreement: GradientAgreement) -> [String] {
      [
        name, "\(agreement.count)", Format.number(agreement.norm),
        String(format: "%.9f", agreement.cosine), String(format: "%.2e", agreement.error),
      ]
    }
    let byTensor = names.indices.map { tensor in
      GradientAgreement(found.map { $0[tensor] }, expected.map { $0[tensor] })
    }
    let whole = GradientAgreement(
      found.map { $0.flatMap { $0 } }, expected.map { $0.flatMap { $0 } })
    let table = Table(
      [
        .left("unconstrained rates"), .right("numbers"), .right("norm"), .right("cosine"),
        .right("relative error"),
      ],
      rows: zip(names, byTensor).map { row("\($0)", $1) } + [row("all", whole)])
    let statistics = """
      \(over), relative to the norm of \(sides.1)
      bias                       \(Format.number(whole.bias)) ± \(Format.number(whole.biasError))
      variance over batches      \(sides.0) \(Format.number(whole.variance)), \
      \(sides.1) \(Format.number(whole.referenceVariance))

      """
    guard isExact else {
      return Outcome(
        text: table.text + "\n" + statistics, verdict: .agree,
        conclusion: "\(sides.0) is an estimate; \(sides.1) is exact"
      )
    }
    // A tensor may have no hypergradient but rounding, as biases before a batch normalization have.
    let negligible = 1e-3 * tolerance * whole.norm
    let agrees = byTensor.allSatisfy { $0.error * $0.norm <= max(tolerance * $0.norm, negligible) }
    return Outcome(
      text: table.text + "\n" + statistics, verdict: agrees ? .agree : .differ,
      conclusion:
        "both are exact: relative errors \(agrees ? "within" : "beyond") the tolerance \(tolerance)"
    )
  }

  /// Derivatives along directions, over the runs of the first batch.
  private static func directional<Task: LearningTask>(
    _ setting: HypergradientSetting<Task>, _ point: Hyperparameters,
    _ estimator: any HypergradientEstimator, isExact: Bool
  ) throws -> Outcome {
    let batch = setting.batch(0)
    let evaluate = EvaluationFunction(setting.problem, like: batch)
    let hypergradient = try setting.estimator(estimator)
    let comparison = DirectionalComparison(
      hypergradient(batch, at: point).gradient.rates,
      named: setting.problem.rates.names.map(\.description), at: point.rates,
      seed: setting.configuration.seed
    ) { rates in
      var moved = point
      moved.rates = rates
      return evaluate(batch, at: moved).objective
    }
    return Outcome(
      text: comparison.text(by: estimator.word), verdict: isExact ? comparison.verdict : .agree,
      conclusion: (isExact ? "" : "\(estimator.word) is an estimate: ")
        + comparison.conclusion(isExact: isExact))
  }

  private static func costs(
    _ sides: [(name: String, cost: HypergradientCost?)], isDirectional: Bool
  ) -> String {
    func cell(_ value: (HypergradientCost) -> String) -> [String] {
      sides.map { $0.cost.map(value) ?? "not measured" }
    }
    func megabytes(_ value: Double) -> String { String(format: "%.1f", value) }
    let unit = isDirectional ? "seconds a hypergradient or difference" : "seconds a hypergradient"
    let table = Table(
      [.left("cost"), .right(sides[0].name), .right(sides[1].name), .right("ratio")],
      rows: [
        [unit] + cell { Format.number($0.seconds) } + [ratio(sides) { $0.seconds }],
        ["peak memory, MB resident"] + cell { megabytes($0.residentMegabytes) }
          + [ratio(sides) { $0.residentMegabytes }],
        ["planned arena, MB"] + cell { megabytes(Double($0.plannedBytes) / 0x1p20) }
          + [ratio(sides) { Double($0.plannedBytes) }],
      ])
    return table.text
      + "each side in a process of its own; resident: the peak above what it held with its data,\n"
      + "compiling, arguments and results included; arena: the block of memory\n"
      + "that all values of a compiled program share\n"
  }

  private static func ratio(
    _ sides: [(name: String, cost: HypergradientCost?)], _ value: (HypergradientCost) -> Double
  ) -> String {
    guard let first = sides[0].cost, let second = sides[1].cost, value(second) > 0 else {
      return ""
    }
    return String(format: "%.2f", value(first) / value(second))
  }
}
