import MetaLearning
import Reports
import Settings
import TensorPrograms

/// Rates learned as the configuration says, from the tuned uniform rate or the best that their
/// parameterization can give, whose tuning is charged to them.
public struct LearnedArm: AblationArm {
  /// The word for it.
  public static let word = "learned"
  /// No settings: learning is configured outside.
  public static let schema = Schema<Self>(
    "rates learned as configured, from the tuned uniform rate")

  /// Learned rates.
  public init() {}

  /// What learning prefers by validation.
  public func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>? {
    let (outer, rates) = (bench.outer, bench.problem.rates.specification)
    let uniform = bench.tunedUniform()
    let start = try start(bench, uniform)
    let problem = try bench.problem.with(started(rates, from: start))
      .planned(bench.memory, for: outer, seed: bench.seed)
    bench.progress("learning from \(Format.number(start))")
    let (best, budget) = try learn(bench, problem)
    return ArmChoice(
      name: outer.learning.changesRates
        ? rates.granularity.learnedName
        : "learned \(outer.learning.namesBesidesRates(of: problem.specification))",
      choice: best.step == 0
        ? "the start, \(Format.number(start)): nothing learned is better"
        : "from \(Format.number(start)), step \(best.step)",
      method: "Learned: \(outer.steps) outer steps of "
        + "\(outer.tasks) runs, from the best tuned uniform rate that their "
        + "parameterization can give, whose tuning is charged.",
      budget: uniform.budget + budget, problem: problem,
      // Weights that learning leaves alone are those of all arms.
      learned: Learned(
        rates: best.learned.rates,
        initialWeights: best.step > 0 && outer.learning.contains(.initialWeights)
          ? best.learned.initialWeights : [],
        scalars: best.learned.scalars))
  }

  /// The best of the tuned uniform rates that the learned rates' parameterization can give.
  ///
  /// - Throws: `RateError` where it can give none.
  private func start<Task: LearningTask>(
    _ bench: ArmBench<Task>, _ uniform: Tuning
  ) throws -> Double {
    func unconstrained(_ rate: Double) throws -> [Tensor] {
      try bench.problem.with(started(bench.problem.rates.specification, from: rate))
        .initialRates(seed: bench.seed)
    }
    let best = uniform.candidates.filter(\.score.isFinite).sorted { $0.score < $1.score }
      .map { $0.values[0] }
    if let rate = best.first(where: { (try? unconstrained($0)) != nil }) { return rate }
    _ = try unconstrained(uniform.best.values[0])
    return uniform.best.values[0]
  }

  private func started(_ rates: RateSpecification, from rate: Double) -> RateSpecification {
    var rates = rates
    rates.initial = UniformRates(rate: rate)
    return rates
  }

  /// The state that learning prefers by validation, and what it cost.
  private func learn<Task: LearningTask>(
    _ bench: ArmBench<Task>, _ problem: InnerProblem<Task>
  ) throws -> (OuterState.Best, Budget) {
    let (outer, progress) = (bench.outer, bench.progress)
    // Nobody reads an arm's diagnostics, and its time is reported.
    var loop = try OuterLoop(
      problem, specification: outer, seed: bench.seed, isDiagnosed: false)
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
    let checked = validations * outer.validation.tasks * bench.evaluationSteps
    let best =
      loop.state.best
      ?? OuterState.Best(
        step: loop.state.step, objective: .nan, learned: loop.state.learned)
    return (best, trained + Budget(gradients: checked))
  }
}

extension Budget {
  /// What one run of an outer step costs.
  package init(of outer: OuterSpecification, steps: Int, rates: Int) {
    self =
      outer.learning == .adaptation
      ? Budget(gradients: steps) : outer.estimator.cost(steps: steps, rates: rates)
  }
}
