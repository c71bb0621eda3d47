import MetaLearning
import Reports
import TensorPrograms

/// The state that an outer loop prefers by validation, and what learning it cost.
struct LearnedRates {
  /// The best state; the start, where nothing learned is better.
  let best: OuterState.Best
  /// What ended learning early, where something was not finite; the best state is from before.
  let failure: NonFiniteError?
  /// Terms that waited for their release when learning ended, in words.
  let unreleased: [String]
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
    var failure: NonFiniteError?
    while !loop.isFinished {
      let report: OuterReport
      do {
        report = try loop.step()
      } catch {
        // Other arms and repetitions go on, and this one has what it learned before. The step was
        // computed all the same.
        progress("learning ended: \(error)")
        failure = error
        let run = Budget(of: outer, steps: loop.innerSteps, rates: problem.rates.count)
        trained = trained + run.times(outer.tasks)
        break
      }
      let run = Budget(of: outer, steps: report.innerSteps, rates: problem.rates.count)
      trained = trained + run.times(outer.tasks)
      if let validation = report.validation {
        validations += report.averageValidation == nil ? 1 : 2
        progress(
          "learning: step \(report.step)/\(outer.steps), validation \(Format.number(validation))")
      }
    }
    self.failure = failure
    unreleased = loop.unreleasedTerms.map { problem.rates.termTexts[$0].text }
    let checked = validations * outer.validation.tasks * bench.evaluationSteps
    best =
      loop.state.best
      ?? OuterState.Best(
        step: loop.state.step, objective: .nan, learned: loop.state.learned)
    budget = problem.costOfInitialRates + trained + Budget(gradients: checked)
  }

  /// What ended learning early and what waited in vain, in words that follow a choice; empty where
  /// nothing did.
  var ending: String {
    (failure.map { "; learning ended at step \($0.step), where \($0.place) was not finite" } ?? "")
      + (unreleased.isEmpty ? "" : "; never released: \(unreleased.joined(separator: ", "))")
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
  /// What learning costs that takes all its steps, validations and that of the start included.
  package init(ofLearning outer: OuterSpecification, steps: Int, rates: Int) {
    let every = outer.validation.every
    let checks = every > 0 ? outer.steps / every * (outer.average == nil ? 1 : 2) : 0
    let validations = every > 0 ? outer.validation.tasks * (1 + checks) : 0
    self =
      Budget(of: outer, steps: steps, rates: rates).times(outer.tasks * outer.steps)
      + Budget(gradients: validations * (outer.validation.steps ?? steps))
  }

  /// What one run of an outer step costs.
  package init(of outer: OuterSpecification, steps: Int, rates: Int) {
    self =
      outer.learning == .adaptation
      ? Budget(gradients: steps) : outer.estimator.cost(steps: steps, rates: rates)
  }
}
