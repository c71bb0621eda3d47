import Foundation
import MetaLearning
import TensorPrograms

/// An arm of an ablation: a way to choose rates, and how they fare on test runs.
package struct Arm: Sendable {
  package let name: String
  /// What was chosen, in words.
  package let choice: String
  package let budget: Budget
  /// Test runs: data, weights and batch orders that no choice saw, the same for all arms.
  package let test: Evaluation
}

/// Tuned uniform, tuned layer-factor and learned rates on the same unseen test runs.
///
/// Tuning and learning choose by rows that each run keeps from training; the test rows are looked at
/// once, at the end.
/// Learned rates start from the tuned uniform rate, or the best that their parameterization can give,
/// and its cost is charged to them. A model of one tensor has no layers, and no arm for them.
package struct Ablation: Sendable {
  package let configuration: RunConfiguration
  package let arms: [Arm]
  /// How layers were counted for the layer factor, if there is an arm for it.
  let layerIndices: [LayerIndex]
  /// The learned arm minus each of the others, in test loss and, where there is one, in accuracy.
  package let differences: [(name: String, loss: PairedDifference, accuracy: PairedDifference?)]

  package init(_ configuration: RunConfiguration, progress: (String) -> Void) throws {
    self = try Ablation.run(configuration, try configuration.makeTask(isReported: true), progress)
  }

  private init(
    _ configuration: RunConfiguration, _ arms: [Arm], _ layerIndices: [LayerIndex]
  ) {
    self.configuration = configuration
    self.layerIndices = layerIndices
    self.arms = arms
    let learned = arms[arms.count - 1]
    differences = arms.dropLast().map { arm in
      var stream = RandomStream(seed: configuration.seed, purpose: "bootstrap \(arm.name)")
      let loss = PairedDifference(
        first: learned.test.objectives, second: arm.test.objectives, generator: &stream)
      let accuracy: PairedDifference? =
        arm.test.accuracies.isEmpty
        ? nil
        : PairedDifference(
          first: learned.test.accuracies, second: arm.test.accuracies, generator: &stream)
      return ("\(learned.name) − \(arm.name)", loss, accuracy)
    }
  }

  private static func run<Task: LearningTask>(
    _ configuration: RunConfiguration, _ task: Task, _ progress: (String) -> Void
  ) throws -> Ablation {
    progress("tuning the uniform rate")
    let uniform = try Tuning.uniform(configuration, task)
    let rate = uniform.best.values[0]
    let start = try start(configuration, task, uniform)
    progress("tuned uniform rate \(Format.number(rate)); tuning layer factors")
    let factors = try layerIndices(configuration, task).map {
      (index: $0, tuning: try Tuning.layerFactor(configuration, task, index: $0))
    }
    let factor = factors.min { $0.tuning.best.score < $1.tuning.best.score }
    if let factor { progress("tuned layer factor \(text(factor))") }
    progress("learning from \(Format.number(start))")
    let (learned, learning) = try learn(configuration, task, from: start, progress)

    var arms: [Arm] = []
    func add(
      _ name: String, _ choice: String, _ budget: Budget, _ granularity: Granularity,
      _ values: [Double]
    ) throws {
      let problem = try configuration.problem(
        task, rates: RateSpecification(granularity: granularity, parameterization: .direct))
      let raw = zip(values, problem.rates.types).map { Tensor(repeating: $0, $1) }
      arms.append(
        Arm(name: name, choice: choice, budget: budget, test: test(configuration, problem, raw)))
    }
    try add("tuned uniform", "rate \(Format.number(rate))", uniform.budget, .global, [rate])
    if let factor {
      let (base, ratio) = (factor.tuning.best.values[0], factor.tuning.best.values[1])
      try add(
        "tuned layer-factor", text(factor),
        factors.reduce(Budget()) { $0 + $1.tuning.budget }, .layerFactor(index: factor.index),
        [base, Foundation.log(ratio)])
    }
    let problem = try configuration.problem(task, rates: started(configuration.rates, from: start))
    arms.append(
      Arm(
        name: "learned per \(configuration.rates.granularity)",
        choice: learned.step == 0
          ? "the start, \(Format.number(start)): nothing learned is better"
          : "from \(Format.number(start)), step \(learned.step)",
        budget: uniform.budget + learning,
        test: test(
          configuration, problem, learned.raw, initial: learned.initial,
          scalars: learned.scalars)))
    return Ablation(configuration, arms, factors.map(\.index))
  }

  /// Readings of the layer index that differ from a uniform rate and from each other.
  private static func layerIndices<Task: LearningTask>(
    _ configuration: RunConfiguration, _ task: Task
  ) throws -> [LayerIndex] {
    let parameters = try configuration.problem(task, rates: configuration.rates).parameters
    let (tensors, layers) = (parameters.count, parameters.layers.count)
    return (tensors > 1 ? [.tensor] : []) + (layers > 1 && layers < tensors ? [.layer] : [])
  }

  private static func text(_ factor: (index: LayerIndex, tuning: Tuning)) -> String {
    let best = factor.tuning.best.values
    return "\(Format.number(best[0])) · \(Format.number(best[1]))^\(factor.index.rawValue)"
  }

  /// The best of the tuned uniform rates that the learned rates' parameterization can give.
  ///
  /// - Throws: `RateError` where it can give none, and errors of checkpoints that are started from.
  private static func start<Task: LearningTask>(
    _ configuration: RunConfiguration, _ task: Task, _ uniform: Tuning
  ) throws -> Double {
    func layout(_ rate: Double) throws -> RateLayout {
      try configuration.problem(task, rates: started(configuration.rates, from: rate)).rates
    }
    let best = uniform.candidates.filter(\.score.isFinite).sorted { $0.score < $1.score }
      .map { $0.values[0] }
    if let rate = best.first(where: { (try? layout($0).initialRaw()) != nil }) { return rate }
    _ = try layout(uniform.best.values[0]).initialRaw()
    return uniform.best.values[0]
  }

  private static func started(_ rates: RateSpecification, from rate: Double) -> RateSpecification {
    var rates = rates
    rates.initial = .uniform(rate: rate)
    return rates
  }

  /// The rates that learning prefers by validation, and what it cost.
  private static func learn<Task: LearningTask>(
    _ configuration: RunConfiguration, _ task: Task, from rate: Double,
    _ progress: (String) -> Void
  ) throws -> (OuterState.Best, Budget) {
    let problem = try configuration.planned(
      try configuration.problem(task, rates: started(configuration.rates, from: rate)))
    let outer = configuration.outer
    // Nobody reads an arm's diagnostics, and its time is reported.
    var loop = try OuterLoop(
      problem, specification: outer, seed: configuration.seed, isDiagnosed: false)
    var (validations, trained) = (0, Budget())
    // The start competes with what is learned, and is paid for.
    if let start = loop.validateStart()?.validation {
      validations += 1
      progress("learning: before any step, validation \(Format.number(start))")
    }
    while !loop.isFinished {
      let report = try loop.step()
      let run = Budget(of: outer, steps: report.innerSteps, rates: problem.rates.count)
      trained = trained + run.times(outer.tasks)
      if let validation = report.validation {
        validations += 1
        progress(
          "learning: step \(report.step)/\(outer.steps), validation \(Format.number(validation))")
      }
    }
    let checked = validations * outer.validation.tasks * configuration.judgedSteps
    let best =
      loop.state.best
      ?? OuterState.Best(
        step: loop.state.step, objective: .nan, raw: loop.state.raw, initial: loop.state.initial,
        scalars: loop.state.scalars)
    return (best, trained + Budget(gradients: checked))
  }

  private static func test<Task: LearningTask>(
    _ configuration: RunConfiguration, _ problem: InnerProblem<Task>, _ raw: [Tensor],
    initial: [Tensor]? = nil, scalars: [Tensor] = []
  ) -> Evaluation {
    let problem = problem.training(for: configuration.judgedSteps)
    let batch = configuration.judgedRuns(
      problem, role: .test, count: UInt64(configuration.ablation.seeds), initial: initial)
    return EvaluationFunction(problem, like: batch)(
      batch, raw: raw,
      scalars: scalars.isEmpty ? problem.scalars : problem.step.scalars.effective(scalars))
  }
}
