import TensorPrograms

/// What the training loss and its gradients say of each parameter at one moment of a run, in
/// tensors of the parameters' shapes.
public struct ParameterProperties: Sendable {
  /// Inner steps done before the moment.
  public var step: Int
  /// The diagonal of the Hessian of the training loss, averaged over batches.
  public var curvature: [Tensor]
  /// The variance of gradients over batches.
  public var gradientVariance: [Tensor]
  /// The mean square of gradients over batches.
  public var gradientMeanSquare: [Tensor]
  /// The weights.
  public var weights: [Tensor]
  /// The greatest eigenvalue of A^½ H A^½, A being what the step multiplies directions by.
  public var sharpness: Double
}

/// Measures parameters at moments of one run.
///
/// The Hessian's diagonal is exact where a model is small, by a product with each unit vector, and
/// else an average over random signs v of v ⊙ Hv. Source: Bekas, Kokiopoulou and Saad, "An
/// estimator for the diagonal of a matrix" (2007).
public final class ParameterProbe<Task: LearningTask>: Sendable {
  /// A model of at most so many parameters has its diagonal exactly.
  public static var mostExact: Int { 1024 }
  /// Products with random signs for a model of more.
  public static var mostProbes: Int { 64 }
  /// Batches that gradients and curvature are averaged over, where a run has as many.
  public static var batches: Int { 8 }

  private struct Arguments: ParameterStructure {
    var state: TrainingState
    var direction: [Tensor]
    var dataset: [Tensor]
    var rows: [Tensor]

    mutating func visit(
      _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
    ) rethrows {
      try state.visit(path / "state", body)
      try direction.visit(path / "direction", body)
      try dataset.visit(path / "dataset", body)
      try rows.visit(path / "rows", body)
    }
  }

  private let problem: InnerProblem<Task>
  private let run: EpisodeBatch
  private let rows: [Tensor]
  private let batchCount: Int
  private let sharpness: Sharpness<Task>
  private let moments: CompiledFunction<[[Tensor]], Arguments>
  private let products: CompiledFunction<[Tensor], Arguments>

  /// Compiles for one run.
  public init(_ problem: InnerProblem<Task>, run: EpisodeBatch) {
    require(run.count == 1, "parameters are measured in one run, found \(run.count)")
    (self.problem, self.run) = (problem, run)
    let count = min(Self.batches, problem.specification.steps)
    rows = run.episode.steps.map { $0[0].slice(0..<count) }
    batchCount = count
    sharpness = Sharpness(problem, batch: rows.map { $0[0].type })
    let zeros = problem.parameters.types.map { Tensor.zeros($0) }
    let example = Arguments(
      state: problem.step.initialState(problem.template.tensors), direction: zeros,
      dataset: problem.task.dataset, rows: rows)
    moments = compile(like: example) { arguments in
      func mean(_ value: ([Tensor]) -> [Tensor]) -> [Tensor] {
        withoutActuallyEscaping(value) { value in
          Tensor.scan(zeros, over: arguments.rows, length: count) { sums, batch in
            let gradient = problem.trainingGradient(
              arguments.state, dataset: arguments.dataset, batch: batch)
            return (zip(sums, value(gradient)).map { $0 + $1 }, NoTensors())
          }.carry.map { $0 / Double(count) }
        }
      }
      let means = mean { $0 }
      // About the mean: the difference of two squares would be mostly rounding.
      let variances = mean { zip($0, means).map { ($0 - $1).squared() } }
      return [means, variances]
    }
    products = compile(like: example) { arguments in
      Tensor.scan(zeros, over: arguments.rows, length: count) { sums, batch in
        let moved = jvp(at: arguments.state.weights, along: arguments.direction) { weights in
          problem.trainingGradient(
            arguments.state.replacing(weights: weights), dataset: arguments.dataset, batch: batch)
        }.tangent
        return (zip(sums, moved).map { $0 + $1 }, NoTensors())
      }.carry.map { $0 / Double(count) }
    }
  }

  /// Products with random signs behind the Hessian's diagonal; nil where it is exact.
  public var probes: Int? {
    problem.parameters.parameterCount <= Self.mostExact ? nil : Self.mostProbes
  }

  /// What parameters show after so many steps at the given point.
  public func callAsFunction(after steps: Int, at point: Hyperparameters) -> ParameterProperties {
    let state = state(after: steps, at: point)
    var arguments = Arguments(
      state: state, direction: [], dataset: problem.task.dataset, rows: rows)
    arguments.direction = problem.parameters.types.map { .zeros($0) }
    let gradients = moments(arguments)
    return ParameterProperties(
      step: steps, curvature: diagonal(arguments),
      gradientVariance: gradients[1],
      gradientMeanSquare: zip(gradients[0], gradients[1]).map { $0.squared() + $1 },
      weights: state.weights,
      sharpness: sharpness(
        state: state, rates: problem.appliedRates(point.rates, at: max(0, steps - 1)),
        dataset: problem.task.dataset, batch: rows.map { $0[0] }))
  }

  private func state(after steps: Int, at point: Hyperparameters) -> TrainingState {
    guard steps > 0 else {
      if case .weights(let weights) = run.start {
        return problem.step.initialState(weights.map { $0[0] })
      }
      return problem.step.initialState(point.initialWeights)
    }
    // A stretch of the whole run, which has the whole run's time.
    let shorter = problem.training(for: steps)
    var batch = run
    batch.episode.steps = run.episode.steps.map {
      steps == problem.specification.steps ? $0 : first(steps, of: $0)
    }
    let stretch = shorter.stretch(batch, from: nil, start: 0, of: problem.specification.steps)
    return EvaluationFunction(shorter, like: stretch)(stretch, at: point).state.mapTensors { $0[0] }
  }

  /// The diagonal of the mean Hessian.
  private func diagonal(_ arguments: Arguments) -> [Tensor] {
    var arguments = arguments
    let types = problem.parameters.types
    if let probes {
      var stream = RandomStream(seed: 0, purpose: "curvature probes")
      var sums = types.map { Tensor.zeros($0) }
      for _ in 0..<probes {
        arguments.direction = types.map { type in
          Tensor(type) { stream.uniform(0, 1) < 0.5 ? -1 : 1 }
        }
        let product = products(arguments)
        sums = zip(sums, zip(arguments.direction, product)).map { $0 + $1.0 * $1.1 }
      }
      return sums.map { $0 / Double(probes) }
    }
    var diagonal = types.map { [Double](repeating: 0, count: $0.shape.count) }
    for (tensor, type) in types.enumerated() {
      for place in 0..<type.shape.count {
        var unit = [Double](repeating: 0, count: type.shape.count)
        unit[place] = 1
        arguments.direction = types.map { .zeros($0) }
        arguments.direction[tensor] = Tensor(unit, type)
        diagonal[tensor][place] = products(arguments)[tensor].doubles[place]
      }
    }
    return zip(diagonal, types).map { Tensor($0, $1) }
  }

  /// The variance of each number that the model reads, over the examples of the measured batches;
  /// nil where the task does not say what that is.
  public var inputVariance: [Double]? {
    let batches = (0..<batchCount).compactMap { row in
      problem.task.inputs(dataset: problem.task.dataset, batch: rows.map { $0[row] })
    }
    guard let first = batches.first else { return nil }
    let width = first.shape.count / first.shape[0]
    var (sums, squares, count) = (
      [Double](repeating: 0, count: width), [Double](repeating: 0, count: width), 0.0
    )
    for batch in batches {
      for (index, value) in batch.doubles.enumerated() {
        sums[index % width] += value
        squares[index % width] += value * value
      }
      count += Double(batch.shape[0])
    }
    return zip(sums, squares).map { max(0, $1 / count - ($0 / count) * ($0 / count)) }
  }
}

private func first(_ steps: Int, of rows: Tensor) -> Tensor {
  Tensor.stack([rows[0].slice(0..<steps)])
}

extension InnerProblem {
  /// What a step multiplies directions by, in the weights' shapes: effective rates times the
  /// schedule.
  func appliedRates(_ unconstrained: [Tensor], at step: Int) -> [Tensor] {
    let now = rates.unconstrained(unconstrained, at: step, of: specification.steps)
    let multiplier = specification.schedule.multiplier(at: step, of: specification.steps)
    return rates.parameterRates(now).map { $0 * multiplier }
  }
}
