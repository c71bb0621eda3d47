import TensorPrograms

/// Learns rates, initial weights, scalars or any of these together: each step trains a batch of
/// runs, differentiates their mean objective, and hands the hypergradient to an optimizer.
///
/// ```swift
/// var loop = try OuterLoop(problem, specification: outer, seed: 3)
/// while !loop.isFinished { print(try loop.step().objective) }
/// ```
public struct OuterLoop<Task: LearningTask>: Sendable {
  /// What is trained and judged.
  public let problem: InnerProblem<Task>
  /// How rates are learned.
  public let specification: OuterSpecification
  /// Names every random stream.
  public let seed: UInt64
  /// Where the loop stands.
  public private(set) var state: OuterState

  private var hasValidatedStart = false
  /// Compiled for each number of inner steps that occurs.
  private var learners: [Int: Learner] = [:]
  private let judging: InnerProblem<Task>
  private let evaluation: EvaluationFunction<Task>
  private let example: EvaluationFunction<Task>
  private let update: OuterUpdate
  private let diagnosis: DiagnosisFunction<Task>?

  /// What turns a batch of runs into what is learned from them.
  private enum Learner {
    case hypergradient(any CompiledHypergradient)
    case adaptation(EvaluationFunction<Task>)
  }

  /// A loop at its start, or where an earlier one stopped.
  ///
  /// - Parameters:
  ///   - problem: what is trained and judged.
  ///   - specification: how rates are learned.
  ///   - seed: what all random numbers follow from.
  ///   - state: where an earlier loop stopped; nil to start.
  ///   - isDiagnosed: whether reports of validated steps have diagnostics.
  /// - Throws: `RateError` for initial rates that the parameterization cannot give, and for learning by
  ///   adaptation where the inner step adapts no rates.
  public init(
    _ problem: InnerProblem<Task>, specification: OuterSpecification, seed: UInt64,
    resuming state: OuterState? = nil, isDiagnosed: Bool = true
  ) throws {
    self.problem = problem
    self.specification = specification
    self.seed = seed
    judging = problem.training(for: specification.validation.steps ?? problem.specification.steps)
    let initial = problem.sharedInitialWeights(specification, seed: seed) ?? []
    let raw = try problem.initialRaw(seed: seed)
    guard
      specification.learning != .adaptation
        || problem.step.adaptedRates(
          problem.rates.parameterRates(raw), problem.step.initialState(problem.template.tensors))
          != nil
    else {
      throw RateError.unsupported(
        "learning by adapted rates beside an inner step that adapts none: set inner.online, for a task "
          + "that trains by an optimizer, or learn rates")
    }
    let scalars =
      specification.learning.contains(.optimizerScalars)
      ? try problem.initialScalarsRaw() : []
    let learned =
      (specification.learning.contains(.rates) ? raw : [])
      + (specification.learning.contains(.initialWeights) ? initial : []) + scalars
    update = OuterUpdate(specification, learned.map(\.type))
    self.state =
      state
      ?? OuterState(
        step: 0, raw: raw, initial: initial, scalars: scalars, optimizer: update.initialState)
    // Rates that adapt without a hypergradient have none to diagnose.
    diagnosis =
      isDiagnosed && specification.learning != .adaptation
      ? DiagnosisFunction(judging, initialRaw: raw) : nil
    let shared = specification.sharesInitialWeights ? initial : nil
    evaluation = EvaluationFunction(
      judging,
      like: judging.batch(
        role: .validation, seed: seed, indices: 0..<UInt64(max(1, specification.validation.tasks)),
        shared: shared))
    example = EvaluationFunction(
      judging, like: judging.batch(role: .validation, seed: seed, indices: 0..<1, shared: shared))
    learners[innerSteps] = learner(innerSteps, like: batch(innerSteps))
  }

  /// The compiled program of the next step, for those who want to read it.
  public var compiled: CompiledFunction {
    switch learners[innerSteps] ?? learner(innerSteps, like: batch(innerSteps)) {
    case .hypergradient(let estimator): estimator.compiled
    case .adaptation(let evaluation): evaluation.compiled
    }
  }

  /// What the next step runs that program on.
  public var arguments: [Tensor] {
    let batch = batch(innerSteps)
    let scalars = scalars(of: state)
    return switch learners[innerSteps] ?? learner(innerSteps, like: batch) {
    case .hypergradient(let estimator): estimator.arguments(batch, raw: state.raw, scalars: scalars)
    case .adaptation(let evaluation): evaluation.arguments(batch, raw: state.raw, scalars: scalars)
    }
  }

  /// Whether all steps are done, or validation has found nothing better for long enough.
  public var isFinished: Bool { state.step >= specification.steps || hasRunOutOfPatience }

  /// Whether validation has found nothing better for as many checks as the specification grants.
  public var hasRunOutOfPatience: Bool {
    guard let patience = specification.patience, specification.validation.every > 0,
      state.step % specification.validation.every == 0
    else { return false }
    return state.step - (state.best?.step ?? 0) >= patience * specification.validation.every
  }

  /// One outer step. Where anything is not finite, the state stays what it was.
  ///
  /// The first step validates the start before anything else, unless `validateStart` did.
  public mutating func step() throws(NonFiniteError) -> OuterReport {
    validateStart()
    let steps = innerSteps
    let batch = batch(steps)
    let learner = learners[steps] ?? learner(steps, like: batch)
    learners[steps] = learner
    var (next, report) =
      switch learner {
      case .hypergradient(let estimator): try descend(estimator, batch)
      case .adaptation(let evaluate): try adapt(evaluate, batch)
      }
    report.innerSteps = steps
    validateIfDue(&next, &report)
    state = next
    return report
  }

  /// Lets the state before any learning compete for the best, where there is validation at all.
  ///
  /// - Returns: what validation says of it; nil where nothing is validated, a step was done or the
  ///   start has been validated.
  @discardableResult
  public mutating func validateStart() -> OuterReport? {
    guard specification.validation.every > 0, state.step == 0, !hasValidatedStart else {
      return nil
    }
    hasValidatedStart = true
    let evaluated = validate(state)
    var report = OuterReport(
      step: 0, innerSteps: 0, objective: .nan, hypergradientNorm: .nan)
    state.best = nil
    OuterLoop.judge(&state, evaluated, &report)
    return report
  }

  /// Runs that learning does not see, at the rates of a state.
  public func validate(_ state: OuterState) -> Evaluation {
    evaluation(validationRuns(state), raw: state.raw, scalars: scalars(of: state))
  }

  private func validationRuns(_ state: OuterState) -> EpisodeBatch {
    judging.batch(
      role: .validation, seed: seed, indices: 0..<UInt64(max(1, specification.validation.tasks)),
      shared: state.initial.isEmpty ? nil : state.initial)
  }

  /// A model for readers of a checkpoint: that of the shared initial weights, that of the first run
  /// that goes on, or what validation run 0 comes to with the present rates.
  public func exampleModel() -> Task.Parameters { exampleModel(of: state) }

  /// The same for another state of this loop, such as its best.
  public func exampleModel(of state: OuterState) -> Task.Parameters {
    if specification.sharesInitialWeights {
      return problem.template.replacingTensors(state.initial)
    }
    if !state.inner.isEmpty { return problem.model(state.inner.map { $0[0] }) }
    let batch = judging.batch(role: .validation, seed: seed, indices: 0..<1)
    let run = example(batch, raw: state.raw, scalars: scalars(of: state))
    return problem.model(run.state.map { $0[0] })
  }

  /// The inner step's scalars: those learned, or those specified.
  public func scalars(of state: OuterState) -> [Tensor] {
    state.scalars.isEmpty ? problem.scalars : problem.step.scalars.effective(state.scalars)
  }
}

// MARK: Learning

extension OuterLoop {
  /// A hypergradient and what the outer optimizer makes of it.
  private func descend(
    _ estimator: any CompiledHypergradient, _ batch: EpisodeBatch
  ) throws(NonFiniteError) -> (OuterState, OuterReport) {
    let result = estimator(batch, raw: state.raw, scalars: scalars(of: state))
    try check(result, batch)
    let learnsRates = specification.learning.contains(.rates)
    let learnsInitial = specification.learning.contains(.initialWeights)
    let isFrozen = state.step < specification.frozenSteps
    let ofRates = isFrozen ? result.rates.map { .zeros($0.type) } : result.rates
    let gradients =
      (learnsRates ? ofRates : []) + (learnsInitial ? result.initial : [])
      + (state.scalars.isEmpty
        ? [] : problem.step.scalars.pullback(state.scalars, result.scalars))
    let (learned, optimizer) = update(
      (learnsRates ? state.raw : []) + (learnsInitial ? state.initial : []) + state.scalars,
      gradients, state.optimizer, step: state.step)
    var next = state
    next.step += 1
    next.optimizer = optimizer
    var rest = ArraySlice(learned)
    func take(_ tensors: inout [Tensor]) {
      let count = tensors.count
      tensors = Array(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
    if learnsRates { take(&next.raw) }
    if isFrozen { next.raw = state.raw }
    if learnsInitial { take(&next.initial) }
    take(&next.scalars)
    if specification.cadence != .restarted { next.inner = result.state }
    var report = OuterReport(
      step: next.step, innerSteps: 0, objective: result.objective,
      hypergradientNorm: globalNorm(gradients))
    report.isHypergradientZero =
      learnsRates ? result.rates.map(\.isZero) : state.raw.map { _ in false }
    return (next, report)
  }

  /// Training with rates that adapt on the way: the mean over the runs of where they got to.
  private func adapt(
    _ evaluate: EvaluationFunction<Task>, _ batch: EpisodeBatch
  ) throws(NonFiniteError) -> (OuterState, OuterReport) {
    let result = evaluate(batch, raw: state.raw, scalars: problem.scalars)
    try check(Hypergradient(result, rates: []), batch)
    let layout = problem.rates
    let adapted = vmap(over: result.state) { inner in
      let (rates, rest) = problem.step.adaptedRates(layout.parameterRates(state.raw), inner)!
      return rates + rest
    }
    var next = state
    next.step += 1
    let rates = adapted.prefix(layout.parameters.count).map { $0.mean(axes: [0]) }
    do {
      next.raw = try layout.raw(givingEffective: Array(rates))
    } catch {
      throw NonFiniteError(
        step: state.step + 1, place: "a rate that was adapted (\(error))", value: .nan)
    }
    if specification.cadence != .restarted {
      next.inner = Array(adapted.dropFirst(layout.parameters.count))
    }
    return (
      next,
      OuterReport(
        step: next.step, innerSteps: 0, objective: result.objective, hypergradientNorm: .nan)
    )
  }

  private func validateIfDue(_ next: inout OuterState, _ report: inout OuterReport) {
    let every = specification.validation.every
    guard every > 0, next.step % every == 0 || next.step == specification.steps else { return }
    let runs = validationRuns(next)
    let scalars = scalars(of: next)
    let validated = evaluation(runs, raw: next.raw, scalars: scalars)
    report.diagnostics = diagnosis?(
      runs, trained: validated.state, raw: next.raw, scalars: scalars,
      isHypergradientZero: report.isHypergradientZero)
    OuterLoop.judge(&next, validated, &report)
  }

  /// Reports what validation found, and remembers the state if it is the best so far.
  private static func judge(
    _ state: inout OuterState, _ validated: Evaluation, _ report: inout OuterReport
  ) {
    report.validation = validated.objective
    if !validated.accuracies.isEmpty {
      report.accuracy = validated.accuracies.reduce(0, +) / Double(validated.accuracies.count)
    }
    if validated.objective.isFinite, validated.objective < state.best?.objective ?? .infinity {
      state.best = OuterState.Best(
        step: state.step, objective: validated.objective, raw: state.raw, initial: state.initial,
        scalars: state.scalars)
    }
  }
}

// MARK: Runs

extension OuterLoop {
  /// Inner steps of the next outer step.
  private var innerSteps: Int {
    specification.horizon.steps(
      at: state.step, of: problem.specification.steps, seed: seed)
  }

  private var shared: [Tensor]? { specification.sharesInitialWeights ? state.initial : nil }

  /// The runs of the next outer step.
  private func batch(_ steps: Int) -> EpisodeBatch {
    let tasks = UInt64(specification.tasks)
    let inner = problem.training(for: steps)
    switch specification.cadence {
    case .restarted:
      let first = UInt64(state.step) * tasks
      return inner.batch(
        role: .training, seed: seed, indices: first..<first + tasks, shared: shared)
    case .carried(let windows):
      let length = windows ?? specification.steps
      let window = state.step % length
      let first = UInt64(state.step / length) * tasks
      return inner.stretch(
        role: .training, seed: seed, indices: first..<first + tasks,
        from: window == 0 ? nil : state.inner, start: window * steps, of: length * steps)
    }
  }

  private func learner(_ steps: Int, like batch: EpisodeBatch) -> Learner {
    let inner = problem.training(for: steps)
    switch specification.learning {
    case .adaptation: return .adaptation(EvaluationFunction(inner, like: batch))
    case .hypergradients(let targets):
      return .hypergradient(
        inner.estimator(
          specification.estimator, like: batch, targets: Set(targets),
          keepsState: specification.cadence != .restarted))
    }
  }

  private func check(
    _ result: Hypergradient, _ batch: EpisodeBatch
  ) throws(NonFiniteError) {
    let inner = problem.training(for: innerSteps)
    if let error = inner.nonFinite(
      result, on: batch, raw: state.raw, scalars: scalars(of: state),
      learned: specification.learning.targets,
      step: state.step + 1)
    {
      throw error
    }
  }
}
