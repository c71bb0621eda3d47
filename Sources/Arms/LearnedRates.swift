import MetaLearning
import Reports
import TensorPrograms

/// The state that an outer loop prefers by validation, and what learning it cost.
struct LearnedRates {
  /// The best state; the start, where nothing learned is better.
  let best: OuterState.Best
  /// Outer steps and validations.
  let budget: Budget

  /// Learns from where a bench's problem starts.
  init<Task: LearningTask>(_ bench: ArmBench<Task>) throws {
    let (outer, progress) = (bench.outer, bench.progress)
    let problem = try bench.problem.planned(bench.memory, for: outer, seed: bench.seed)
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
    best =
      loop.state.best
      ?? OuterState.Best(
        step: loop.state.step, objective: .nan, learned: loop.state.learned)
    budget = trained + Budget(gradients: checked)
  }

  /// What runs have of it; weights that learning left alone are those of all arms.
  func learned(_ outer: OuterSpecification) -> Learned {
    Learned(
      rates: best.learned.rates,
      initialWeights: best.step > 0 && outer.learning.contains(.initialWeights)
        ? best.learned.initialWeights : [],
      scalars: best.learned.scalars)
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
