import TensorPrograms

/// Learns rates, initial weights or both: each step trains a batch of runs, differentiates their
/// mean objective, and hands the hypergradient to an optimizer.
///
/// ```swift
/// var loop = try OuterLoop(problem, specification: outer, seed: 3)
/// while loop.state.step < outer.steps { print(try loop.step().objective) }
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

  private let hypergradient: any HypergradientEstimator
  private let evaluation: EvaluationFunction<Task>
  private let example: EvaluationFunction<Task>
  private let update: OuterUpdate

  /// A loop at its start, or where an earlier one stopped.
  ///
  /// - Throws: `RateError` for initial rates that the parameterization cannot give.
  public init(
    _ problem: InnerProblem<Task>, specification: OuterSpecification, seed: UInt64,
    resuming state: OuterState? = nil
  ) throws(RateError) {
    self.problem = problem
    self.specification = specification
    self.seed = seed
    let initial =
      specification.sharesInitialWeights
      ? problem.initialWeights(role: .training, seed: seed, index: 0) : []
    let raw = try problem.rates.initialRaw()
    let scalars =
      specification.learn.contains(.optimizerScalars)
      ? try problem.step.scalars.raw(problem.task.scalarType) : []
    let learned =
      (specification.learn.contains(.rates) ? raw : [])
      + (specification.learn.contains(.initialWeights) ? initial : []) + scalars
    update = OuterUpdate(specification, learned.map(\.type))
    self.state =
      state
      ?? OuterState(
        step: 0, raw: raw, initial: initial, scalars: scalars, optimizer: update.initialState)
    let shared = specification.sharesInitialWeights ? initial : nil
    hypergradient = problem.estimator(
      specification.estimator,
      like: problem.batch(
        role: .training, seed: seed, indices: 0..<UInt64(specification.tasks), shared: shared))
    evaluation = EvaluationFunction(
      problem,
      like: problem.batch(
        role: .validation, seed: seed, indices: 0..<UInt64(max(1, specification.validation.tasks)),
        shared: shared))
    example = EvaluationFunction(
      problem, like: problem.batch(role: .validation, seed: seed, indices: 0..<1, shared: shared))
  }

  /// The compiled hypergradient, for those who want to read it.
  public var compiled: CompiledFunction { hypergradient.compiled }

  /// One outer step. Where anything is not finite, the state stays what it was.
  public mutating func step() throws(NonFiniteError) -> OuterReport {
    let tasks = UInt64(specification.tasks)
    let first = UInt64(state.step) * tasks
    let batch = problem.batch(
      role: .training, seed: seed, indices: first..<first + tasks, shared: shared)
    let result = hypergradient(batch, raw: state.raw, scalars: scalars(of: state))
    try check(result)

    let learnsRates = specification.learn.contains(.rates)
    let learnsInitial = specification.learn.contains(.initialWeights)
    let gradients =
      (learnsRates ? result.rates : []) + (learnsInitial ? result.initial : [])
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
    if learnsInitial { take(&next.initial) }
    take(&next.scalars)

    var report = OuterReport(
      step: next.step, objective: result.objective, hypergradientNorm: globalNorm(gradients))
    let every = specification.validation.every
    if every > 0, next.step % every == 0 || next.step == specification.steps {
      let validated = validate(next)
      report.validation = validated.objective
      if !validated.accuracies.isEmpty {
        report.accuracy = validated.accuracies.reduce(0, +) / Double(validated.accuracies.count)
      }
      if validated.objective.isFinite, validated.objective < next.best?.objective ?? .infinity {
        next.best = OuterState.Best(
          step: next.step, objective: validated.objective, raw: next.raw, initial: next.initial,
          scalars: next.scalars)
      }
    }
    state = next
    return report
  }

  /// Runs that learning does not see, at the rates of a state.
  public func validate(_ state: OuterState) -> Evaluation {
    let batch = problem.batch(
      role: .validation, seed: seed, indices: 0..<UInt64(max(1, specification.validation.tasks)),
      shared: state.initial.isEmpty ? nil : state.initial)
    return evaluation(batch, raw: state.raw, scalars: scalars(of: state))
  }

  /// Weights for readers of a checkpoint: the shared initial weights, or those that validation run 0
  /// comes to with the present rates.
  public func exampleWeights() -> [Tensor] {
    if specification.sharesInitialWeights { return state.initial }
    let batch = problem.batch(role: .validation, seed: seed, indices: 0..<1)
    return example(batch, raw: state.raw, scalars: scalars(of: state)).weights.map { $0[0] }
  }

  /// The inner step's scalars: those learned, or those specified.
  public func scalars(of state: OuterState) -> [Tensor] {
    state.scalars.isEmpty ? problem.scalars : problem.step.scalars.effective(state.scalars)
  }

  private var shared: [Tensor]? { specification.sharesInitialWeights ? state.initial : nil }

  private func check(_ result: Hypergradient) throws(NonFiniteError) {
    let step = state.step + 1
    for (run, objective) in result.objectives.enumerated() where !objective.isFinite {
      throw NonFiniteError(step: step, place: "the objective of run \(run)", value: objective)
    }
    let groups = [
      (specification.learn.contains(.rates), result.rates, problem.rates.names, "rates"),
      (
        specification.learn.contains(.initialWeights), result.initial, problem.parameters.paths,
        "initial weights"
      ),
      (
        specification.learn.contains(.optimizerScalars), result.scalars,
        problem.step.scalars.names.map { ParameterPath([$0]) }, "scalars"
      ),
    ]
    for (isLearned, tensors, names, kind) in groups where isLearned {
      for (tensor, name) in zip(tensors, names) {
        if let bad = tensor.doubles.first(where: { !$0.isFinite }) {
          throw NonFiniteError(
            step: step, place: "the hypergradient of \(kind) at \(name)", value: bad)
        }
      }
    }
  }
}

extension OuterSpecification {
  /// Whether all runs start from the same weights.
  public var sharesInitialWeights: Bool {
    initialWeights == .fixed || learn.contains(.initialWeights)
  }
}
