import Foundation
import TensorPrograms

/// Learns rates, initial weights, scalars or any of these together: each step trains a batch of
/// runs, differentiates their mean objective, and hands the hypergradient to an optimizer.
///
/// ```swift
/// var loop = try OuterLoop(problem, specification: outer, seed: 3)
/// while !loop.isFinished { print(try loop.step().objective) }
/// ```
public struct OuterLoop<Task: LearningTask>: Sendable {
  /// What is trained and evaluated.
  public let problem: InnerProblem<Task>
  /// How rates are learned.
  public let specification: OuterSpecification
  /// Names every random stream.
  public let seed: UInt64
  /// What learning started from, also where the loop goes on from elsewhere.
  public let initial: Learned
  /// Where the loop stands.
  public private(set) var state: OuterState

  /// Estimators of single runs by their inner steps.
  private var lones: [Int: any CompiledHypergradient] = [:]
  private let targets: Set<LearnTarget>
  private var hasValidatedStart = false
  /// What is drawn ahead for the outer step after `step`.
  private var ahead: (step: Int, runs: BatchDrawing)?
  /// Compiled for each number of inner steps that occurs.
  private var learners: [Int: Learner] = [:]
  private let validated: InnerProblem<Task>
  private let validationRuns: EpisodeBatch
  private let evaluation: EvaluationFunction<Task>
  private let example: EvaluationFunction<Task>
  private let update: OuterUpdate
  private let diagnosis: DiagnosisFunction<Task>?

  /// What turns a batch of runs of so many steps into what is learned from them.
  private final class Learner: Sendable {
    enum Function {
      case hypergradient(any CompiledHypergradient)
      case adaptation(EvaluationFunction<Task>)
    }

    let problem: InnerProblem<Task>
    let function: Function

    init(_ problem: InnerProblem<Task>, _ function: Function) {
      (self.problem, self.function) = (problem, function)
    }
  }

  /// A loop at its start.
  ///
  /// - Parameters:
  ///   - problem: what is trained and evaluated.
  ///   - specification: how rates are learned.
  ///   - seed: what all random numbers follow from.
  ///   - learned: what learning starts from; nil for `InnerProblem.initialLearned(_:seed:)`.
  ///   - isDiagnosed: whether reports of validated steps have diagnostics.
  /// - Throws: `RateError` for initial rates that the parameterization cannot give, and for
  ///   learning by adaptation where the inner step adapts no rates.
  public init(
    _ problem: InnerProblem<Task>, specification: OuterSpecification, seed: UInt64,
    startingFrom learned: Learned? = nil, isDiagnosed: Bool = true
  ) throws {
    self.problem = problem
    self.specification = specification
    self.seed = seed
    validated = problem.training(for: specification.validation.steps ?? problem.specification.steps)
    let initial = try learned ?? problem.initialLearned(specification, seed: seed)
    self.initial = initial
    guard
      specification.learning != .adaptation
        || problem.step.adaptedRates(
          problem.rates.parameterRates(initial.rates),
          problem.step.initialState(problem.template.tensors)) != nil
    else {
      throw RateError.unsupported(
        "learning by adapted rates beside an inner step that adapts none: set inner.online, for a task "
          + "that trains by an optimizer, or learn rates")
    }
    try Self.requireAgreement(problem, specification)
    targets = Set(specification.learning.targets)
    update = OuterUpdate(specification, problem, like: initial.restricted(to: targets))
    state = OuterState(
      step: 0, learned: initial, optimizer: update.initialState,
      released: specification.coarseToFine.map { _ in OuterState.Release(terms: 1, step: 0) })
    // Rates that adapt without a hypergradient have none to diagnose.
    diagnosis =
      isDiagnosed && specification.learning != .adaptation
      ? DiagnosisFunction(
        validated, initialRates: initial.rates,
        exchanging: specification.validation.testsExchange
          ? RandomStream(seed: seed, purpose: "exchanged units") : nil) : nil
    validationRuns = validated.evaluationRuns(
      specification, seed: seed, role: .validation,
      count: UInt64(max(1, specification.validation.tasks)))
    evaluation = EvaluationFunction(validated, like: validationRuns)
    example = EvaluationFunction(validated, like: validationRuns.run(0))
    learners[innerSteps] = learner(innerSteps, like: batch(innerSteps))
  }

  /// Goes on from where an earlier loop of the same problem stopped.
  public mutating func resume(_ state: OuterState) { self.state = state }

  /// Refuses parts that each can be, and not together.
  private static func requireAgreement(
    _ problem: InnerProblem<Task>, _ specification: OuterSpecification
  ) throws(RateError) {
    if specification.shrinkage != nil,
      specification.tasks < 2 || !specification.estimator.tellsSpread
    {
      throw .unsupported(
        "shrinkage by signal needs two runs or more an outer step, and an estimator that tells their "
          + "hypergradients apart")
    }
    guard
      specification.nonFinite == .stop
        || specification.cadence == .restarted && specification.learning != .adaptation
          && specification.shrinkage == nil
    else {
      throw .unsupported(
        "leaving out runs that are not finite beside runs that go on, rates that adapt in them, or "
          + "shrinkage by signal, which counts all runs")
    }
    let isFresh = !specification.sharesInitialWeights && specification.cadence == .restarted
    guard isFresh || !problem.rates.symmetry.hasFreshWeights || !problem.rates.hasOwnOrbits else {
      throw .unsupported(
        "rates of orbits of fresh weights beside runs whose initial weights are not drawn anew: make the "
          + "problem with hasFreshWeights false, or assume fresh ones")
    }
  }

  /// The compiled program of the next step, for those who want to read it.
  public var program: CompiledProgram {
    switch (learners[innerSteps] ?? learner(innerSteps, like: batch(innerSteps))).function {
    case .hypergradient(let estimator): estimator.program
    case .adaptation(let evaluation): evaluation.program
    }
  }

  /// The tensors that the next step runs that program on.
  public var tensors: [Tensor] {
    let batch = batch(innerSteps)
    let point = problem.hyperparameters(state.learned)
    return switch (learners[innerSteps] ?? learner(innerSteps, like: batch)).function {
    case .hypergradient(let estimator): estimator.tensors(batch, at: point)
    case .adaptation(let evaluation): evaluation.tensors(batch, at: point)
    }
  }

  /// Whether all steps are done, or validation has found nothing better for long enough.
  public var isFinished: Bool { state.step >= specification.steps || hasRunOutOfPatience }

  /// Whether validation has found nothing better for as many checks as the specification grants.
  public var hasRunOutOfPatience: Bool {
    guard let patience = specification.patience, state.step % max(1, checkDistance) == 0,
      state.released.map({ $0.terms == problem.rates.terms.count }) ?? true
    else { return false }
    return checksWithoutBest(state) >= patience
  }

  private var checkDistance: Int { specification.validation.every }

  /// How many checks have found nothing better, since the last term of rates was released.
  private func checksWithoutBest(_ state: OuterState) -> Int {
    guard checkDistance > 0 else { return 0 }
    let since = [state.best?.step ?? 0, state.released?.step ?? 0, specification.frozenSteps].max()!
    return max(0, state.step - since) / checkDistance
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
    if state.step + 1 < specification.steps {
      let next = drawing(after: state.step + 1, goingOn: specification.cadence != .restarted)
      ahead = (state.step + 1, next)
    }
    var (next, report) =
      switch learner.function {
      case .hypergradient(let estimator): try descend(estimator, learner.problem, batch)
      case .adaptation(let evaluate): try adapt(evaluate, learner.problem, batch)
      }
    try checkMemory(next)
    report.innerSteps = steps
    validateIfDue(&next, &report)
    releaseIfDue(&next, &report)
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
    // No hypergradient led here that could be 0.
    report.diagnostics = diagnosis?(
      validationRuns, at: problem.hyperparameters(state.learned), trained: evaluated.state,
      isHypergradientZero: [])
    OuterLoop.record(evaluated, &state, &report)
    return report
  }

  /// Runs that learning does not see, at what a state has learned.
  public func validate(_ state: OuterState) -> Evaluation {
    evaluation(validationRuns, at: problem.hyperparameters(state.learned))
  }

  /// A model for readers of a checkpoint: that of the shared initial weights, that of the first run
  /// that goes on, or what validation run 0 comes to with the present rates.
  public func exampleModel() -> Task.Parameters { exampleModel(of: state) }

  /// The same for another state of this loop, such as its best.
  public func exampleModel(of state: OuterState) -> Task.Parameters {
    if specification.sharesInitialWeights {
      return problem.template.replacingTensors(state.learned.initialWeights)
    }
    if let inner = state.inner { return problem.model(inner.mapTensors { $0[0] }) }
    let run = example(validationRuns.run(0), at: problem.hyperparameters(state.learned))
    return problem.model(run.state.mapTensors { $0[0] })
  }
}

// MARK: Learning

extension OuterLoop {
  /// A hypergradient and what the outer optimizer makes of it.
  private mutating func descend(
    _ estimator: any CompiledHypergradient, _ inner: InnerProblem<Task>, _ batch: EpisodeBatch
  ) throws(NonFiniteError) -> (OuterState, OuterReport) {
    let point = problem.hyperparameters(state.learned)
    var result = estimator(batch, at: point)
    var skipped = 0
    if let limit = specification.nonFinite.limit,
      !result.isFinite(targets),
      let others = inner.finiteHypergradient(
        lone(inner, like: batch), of: batch, at: point, limit: limit, targets)
    {
      (result, skipped) = others
    }
    var gradient = result.gradient.restricted(to: targets)
    let (rates, weights, scalars) = (
      gradient.rates.map(\.summary), gradient.initialWeights.map(\.summary),
      gradient.scalars.map(\.summary)
    )
    try check(
      result, isFinite: (rates + weights + scalars).allSatisfy(\.isFinite), inner, batch, at: point)
    let isFrozen = state.step < specification.frozenSteps
    if isFrozen { gradient.rates = gradient.rates.map { .zeros($0.type) } }
    var squares = result.squares?.restricted(to: targets).rates ?? []
    if isFrozen { squares = squares.map { .zeros($0.type) } }
    let unreleased = state.released.map {
      problem.rates.tensors(of: $0.terms - 1).upperBound..<gradient.rates.count
    }
    for index in unreleased ?? 0..<0 {
      gradient.rates[index] = .zeros(gradient.rates[index].type)
      if !squares.isEmpty { squares[index] = .zeros(squares[index].type) }
    }
    let updated = update(
      state.learned.restricted(to: targets), gradient, squares: squares, state.optimizer,
      step: state.step, since: state.released?.step ?? 0)
    try checkUpdate(updated.learned)
    var next = state
    next.step += 1
    next.skippedRuns += skipped
    next.optimizer = updated.state
    next.learned = state.learned.replacing(updated.learned)
    if isFrozen { next.learned.rates = state.learned.rates }
    if specification.cadence != .restarted { next.inner = result.state }
    // Of frozen rates nothing is learned, of scalars the numbers behind them are.
    let moving = (isFrozen ? [] : rates) + weights + updated.scalarGradient.map(\.summary)
    var report = OuterReport(
      step: next.step, innerSteps: 0, objective: result.objective,
      hypergradientNorm: moving.reduce(0) { $0 + $1.sumOfSquares }.squareRoot())
    // What is not learned yet has no signal, rather than none that is left.
    report.signal = updated.signal.indices.map { index in
      isFrozen || unreleased?.contains(index) == true ? .nan : updated.signal[index].scalar
    }
    report.isHypergradientZero =
      targets.contains(.rates) ? rates.map(\.isZero) : state.learned.rates.map { _ in false }
    return (next, report)
  }

  /// Training with rates that adapt on the way: the mean over the runs of where they got to.
  private func adapt(
    _ evaluate: EvaluationFunction<Task>, _ inner: InnerProblem<Task>, _ batch: EpisodeBatch
  ) throws(NonFiniteError) -> (OuterState, OuterReport) {
    let point = problem.hyperparameters(state.learned)
    let result = evaluate(batch, at: point)
    try check(
      Hypergradient(result, gradient: Hyperparameters(rates: [])), isFinite: true, inner, batch,
      at: point)
    let layout = problem.rates
    let adapted = vmap(over: result.state) { inner in
      let (rates, state) = problem.step.adaptedRates(
        layout.parameterRates(state.learned.rates), inner)!
      return AdaptedRun(rates: rates, state: state)
    }
    var next = state
    next.step += 1
    do {
      next.learned.rates = try layout.unconstrained(
        givingEffective: adapted.rates.map { $0.mean(axes: [0]) })
    } catch {
      throw NonFiniteError(
        step: state.step + 1, place: "a rate that was adapted (\(error))", value: .nan)
    }
    if specification.cadence != .restarted { next.inner = adapted.state }
    return (
      next,
      OuterReport(
        step: next.step, innerSteps: 0, objective: result.objective, hypergradientNorm: .nan)
    )
  }

  /// Terms of rates that wait for their release.
  package var unreleasedTerms: [Int] {
    state.released.map { Array($0.terms..<problem.rates.terms.count) } ?? []
  }

  /// Lets the next term of rates be learned where those before it have come to nothing better for
  /// long enough: from their best state, with an optimizer that remembers nothing.
  private func releaseIfDue(_ next: inout OuterState, _ report: inout OuterReport) {
    guard let schedule = specification.coarseToFine, let released = next.released,
      released.terms < problem.rates.terms.count, report.validation != nil,
      checksWithoutBest(next) >= schedule.patience
    else { return }
    if let best = next.best { next.learned = best.learned }
    next.optimizer = update.initialState
    next.released = OuterState.Release(terms: released.terms + 1, step: next.step)
    report.releasedTerm = released.terms
  }

  private func validateIfDue(_ next: inout OuterState, _ report: inout OuterReport) {
    let every = specification.validation.every
    guard every > 0, next.step % every == 0 || next.step == specification.steps else { return }
    let point = problem.hyperparameters(next.learned)
    let evaluated = evaluation(validationRuns, at: point)
    if let average = averaged(next) {
      let found = evaluation(validationRuns, at: problem.hyperparameters(average)).objective
      report.averageValidation = found
      next.consider(average, found)
    }
    report.diagnostics = diagnosis?(
      validationRuns, at: point, trained: evaluated.state,
      isHypergradientZero: report.isHypergradientZero)
    OuterLoop.record(evaluated, &next, &report)
  }

  /// Reports what validation found, and remembers the state if it is the best so far.
  private static func record(
    _ evaluated: Evaluation, _ state: inout OuterState, _ report: inout OuterReport
  ) {
    report.validation = evaluated.objective
    if !evaluated.accuracies.isEmpty {
      report.accuracy = evaluated.accuracies.reduce(0, +) / Double(evaluated.accuracies.count)
    }
    state.consider(state.learned, evaluated.objective)
  }

  /// The average of what was learned by a state; nil where none is kept.
  private func averaged(_ state: OuterState) -> Learned? {
    guard let average = specification.average else { return nil }
    // An average that began at 0 is that much too small.
    let share = 1 - pow(average.decay, Double(state.step - (state.released?.step ?? 0)))
    let mean = state.optimizer[OuterAverage.slotName].mapTensors { $0 / share }
    return state.learned.replacing(mean)
  }
}

/// Where a run's rates got to, and the state that goes on from there.
private struct AdaptedRun: ParameterStructure {
  var rates: [Tensor]
  var state: TrainingState

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try rates.visit(path / "rates", body)
    try state.visit(path / "state", body)
  }
}

// MARK: Runs

extension OuterLoop {
  /// Inner steps of the next outer step.
  package var innerSteps: Int { innerSteps(after: state.step) }

  /// Inner steps of the outer step after so many.
  private func innerSteps(after step: Int) -> Int {
    specification.horizon.steps(at: step, of: problem.specification.steps, seed: seed)
  }

  /// The runs of the next outer step.
  private func batch(_ steps: Int) -> EpisodeBatch {
    let runs =
      (ahead.flatMap { $0.step == state.step ? $0.runs : nil }
      ?? drawing(after: state.step, goingOn: state.inner != nil)).batch
    guard case .carried = specification.cadence else { return runs }
    let length = windowLength
    let window = state.step % length
    return inner(steps).stretch(
      runs, from: window == 0 ? nil : state.inner, start: window * steps, of: length * steps)
  }

  /// Begins to draw the data of the outer step after so many, and weights where its runs begin.
  private func drawing(after step: Int, goingOn hasStates: Bool) -> BatchDrawing {
    let steps = innerSteps(after: step)
    let length = windowLength
    let window = step % length
    let tasks = UInt64(specification.tasks)
    let first = UInt64(step / length) * tasks
    return inner(steps).drawing(
      role: .training, seed: seed, indices: first..<first + tasks,
      sharesInitialWeights: specification.cadence == .restarted
        ? specification.sharesInitialWeights : window > 0 && hasStates,
      start: window * steps, like: ahead?.runs)
  }

  /// Outer steps that go on with the same runs.
  private var windowLength: Int {
    switch specification.cadence {
    case .restarted: 1
    case .carried(let windows): windows ?? specification.steps
    }
  }

  /// The problem trained for so many steps.
  private func inner(_ steps: Int) -> InnerProblem<Task> {
    learners[steps]?.problem ?? problem.training(for: steps)
  }

  private func learner(_ steps: Int, like batch: EpisodeBatch) -> Learner {
    let inner = problem.training(for: steps).keepingSquares(specification.shrinkage != nil)
    let function: Learner.Function =
      switch specification.learning {
      case .adaptation: .adaptation(EvaluationFunction(inner, like: batch))
      case .hypergradients(let targets):
        .hypergradient(
          inner.estimator(
            specification.estimator, like: batch, targets: Set(targets),
            keepsState: specification.cadence != .restarted))
      }
    return Learner(inner, function)
  }

  /// The estimator for one run of a batch; made when a run first has to be differentiated by itself.
  private mutating func lone(
    _ inner: InnerProblem<Task>, like batch: EpisodeBatch
  ) -> any CompiledHypergradient {
    let steps = inner.specification.steps
    let lone =
      lones[steps]
      ?? inner.estimator(specification.estimator, like: batch.run(0), targets: targets)
    lones[steps] = lone
    return lone
  }

  /// Throws where an outer update of a finite hypergradient is not finite.
  private func checkUpdate(_ learned: Learned) throws(NonFiniteError) {
    for (tensors, what) in [
      (learned.rates, "rates"), (learned.initialWeights, "initial weights"),
      (learned.scalars, "scalars"),
    ] {
      try checkFinite(
        tensors, step: state.step + 1, { _ in "the outer update of \(what)" },
        cause: "a speed, a decay or an outer rate is too large")
    }
  }

  /// Throws where what the next step would go on with is not finite beside what is learned, such as a
  /// second moment whose squares overflow: what it is of would not be learned any more, and no file of
  /// the state could be resumed from.
  private func checkMemory(_ next: OuterState) throws(NonFiniteError) {
    for slot in next.optimizer.slots {
      try checkFinite(
        slot.value.tensors, step: next.step, { _ in "\(slot.name) of the outer optimizer" },
        cause: "a hypergradient is too large for it: outer.clip limits it")
    }
    guard let inner = next.inner else { return }
    let names = inner.names(weights: problem.parameters.paths, model: problem.template.state.paths)
    try checkFinite(
      inner.tensors, step: next.step, { "\(names[$0]) of runs that go on" },
      cause: "the last steps of a run made it overflow")
  }

  private func checkFinite(
    _ tensors: [Tensor], step: Int, _ name: (Int) -> String, cause: String
  ) throws(NonFiniteError) {
    guard let index = tensors.firstIndex(where: { !$0.summary.isFinite }) else { return }
    throw NonFiniteError(
      step: step, place: name(index), value: tensors[index].doubles.first { !$0.isFinite } ?? .nan,
      cause: cause)
  }

  /// Throws where something is not finite: an objective, or something of the gradient.
  private func check(
    _ result: Hypergradient, isFinite: Bool, _ inner: InnerProblem<Task>, _ batch: EpisodeBatch,
    at point: Hyperparameters
  ) throws(NonFiniteError) {
    if isFinite && result.objectives.allSatisfy(\.isFinite) { return }
    if let error = inner.nonFinite(
      result, on: batch, at: point, targets: specification.learning.targets, step: state.step + 1)
    {
      throw error
    }
  }
}
