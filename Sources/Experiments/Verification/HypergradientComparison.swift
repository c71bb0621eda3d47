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
  /// False where estimator and reference are both exact and differ by more than the tolerance.
  package let agrees: Bool

  /// Random directions that finite differences look along.
  private static let directions = 8

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
    agrees = comparison.agrees
    let costs = HypergradientComparison.costs(
      [(sides.0.name, cost(false)), (sides.1.name, cost(true))],
      isDirectional: reference == .finiteDifferences)
    text =
      comparison.text + "\n" + costs
      + comparison.memory.map { $0 + "\n" }.joined() + "\n" + comparison.verdict
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
    var agrees: Bool
    var verdict: String
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
      outcome = try directional(
        setting, point, estimator, isExact: isExact, tolerance: isDouble ? 1e-5 : 5e-2,
        step: isDouble ? 1e-5 : 1e-2)
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
        text: table.text + "\n" + statistics, agrees: true,
        verdict: "\(sides.0) is an estimate; \(sides.1) is exact"
      )
    }
    // A tensor may have no hypergradient but rounding, as biases before a batch normalization have.
    let negligible = 1e-3 * tolerance * whole.norm
    let agrees = byTensor.allSatisfy { $0.error * $0.norm <= max(tolerance * $0.norm, negligible) }
    return Outcome(
      text: table.text + "\n" + statistics, agrees: agrees,
      verdict:
        "both are exact: relative errors \(agrees ? "within" : "beyond") the tolerance \(tolerance)"
    )
  }

  private static func directional<Task: LearningTask>(
    _ setting: HypergradientSetting<Task>, _ point: Hyperparameters,
    _ estimator: any HypergradientEstimator, isExact: Bool, tolerance: Double, step: Double
  ) throws -> Outcome {
    let (problem, batch) = (setting.problem, setting.batch(0))
    let function = try setting.estimator(estimator)
    let result = function(batch, at: point)
    let rates = result.gradient.rates
    let differences = FiniteDifferences(problem, like: batch)
    let ulp = setting.configuration.precision == .double ? Double.ulpOfOne : Double(Float.ulpOfOne)
    var stream = RandomStream(seed: setting.configuration.seed, purpose: "directions")
    var (agrees, isRounded) = (true, false)
    var rows: [[String]] = []
    for index in 0..<directions {
      let direction = HypergradientComparison.direction(near: rates, &stream)
      let quotients = [1, 10, 100, 1e3, 1e4].map { step / $0 }.map { step in
        (
          step: step,
          value: differences.derivative(
            batch, at: point, along: direction, step: step),
          // Each of two objectives is rounded some times on its way.
          rounding: 8 * ulp * abs(result.objective) / step
        )
      }
      // Long steps cross kinks, short ones drown in rounding: two that agree have done neither.
      let best = zip(quotients, quotients.dropFirst()).min { first, second in
        abs(first.0.value - first.1.value) + first.1.rounding
          < abs(second.0.value - second.1.value) + second.1.rounding
      }!.1
      let found = zip(rates, direction).reduce(0) { $0 + ($1.0 * $1.1).sum().scalar }
      let error = abs(found - best.value)
      agrees = agrees && error <= tolerance * abs(best.value) + best.rounding
      isRounded = isRounded || best.rounding > tolerance * abs(best.value)
      rows.append([
        "\(index + 1)", String(format: "%.10g", found), String(format: "%.10g", best.value),
        best.value == 0 ? "—" : String(format: "%.1e", error / abs(best.value)),
        String(format: "%.0e", best.step), String(format: "%.0e", best.rounding),
      ])
    }
    let table = Table(
      [
        .right("direction"), .right(estimator.word), .right("finite differences"),
        .right("relative error"), .right("step"), .right("rounding"),
      ], rows: rows)
    let note =
      isRounded
      ? "\nrounding is what differences of objectives cannot tell; "
        + (setting.configuration.precision == .double
          ? "forward mode (--against forward) has none of it" : "precision=double has less of it")
      : ""
    return Outcome(
      text: table.text, agrees: agrees || !isExact,
      verdict: (isExact
        ? "errors \(agrees ? "within" : "beyond") the tolerance \(tolerance) and rounding"
        : "\(estimator.word) is an estimate") + note
    )
  }

  /// A random unit direction half of which is along the hypergradient, which keeps the derivative
  /// well above rounding; with a single rate, the hypergradient's own.
  package static func direction(near gradient: [Tensor], _ stream: inout RandomStream) -> [Tensor] {
    func inner(_ a: [Tensor], _ b: [Tensor]) -> Double {
      zip(a, b).reduce(0) { $0 + zip($1.0.doubles, $1.1.doubles).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    func scaled(_ a: [Tensor], _ factor: Double) -> [Tensor] { a.map { $0 * factor } }
    let noise = gradient.map { tensor in
      Tensor(tensor.doubles.map { _ in stream.normal() }, tensor.type)
    }
    let size = globalNorm(gradient)
    guard size >= .leastNormalMagnitude else { return scaled(noise, 1 / globalNorm(noise)) }
    let along = scaled(gradient, 1 / size)
    let share = inner(noise, along)
    let across = zip(noise, along).map { $0 - share * $1 }
    let rest = globalNorm(across)
    guard rest > 1e-3 * globalNorm(noise) else { return along }
    return zip(along, across).map { (1 / 2.0.squareRoot()) * ($0 + (1 / rest) * $1) }
  }

  private static func costs(
    _ sides: [(name: String, cost: HypergradientCost?)], isDirectional: Bool
  ) -> String {
    func cell(_ value: (HypergradientCost) -> String) -> [String] {
      sides.map { $0.cost.map(value) ?? "not measured" }
    }
    func megabytes(_ value: Double) -> String { String(format: "%.1f", value) }
    let unit = isDirectional ? "seconds a hypergradient or direction" : "seconds a hypergradient"
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
      + "compiling, arguments and results included; arena: what the plan works in\n"
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
