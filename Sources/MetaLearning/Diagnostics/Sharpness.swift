import TensorPrograms

/// How close training is to the edge of stability: the greatest eigenvalue of A^½ H A^½.
///
/// H is the Hessian of the training loss on the last training batch at the trained weights, and A
/// is diagonal with what the last step multiplied directions by: effective rates times the
/// schedule, at least 0. Plain descent on a quadratic converges while it is below 2.
///
/// Power iteration finds the eigenvalue of greatest magnitude. Where that one is negative, the
/// matrix is shifted by it, so that a second round finds the greatest.
public final class Sharpness<Task: LearningTask>: Sendable {
  /// Products with the Hessian in each of the two rounds. The Rayleigh quotient's error falls by
  /// the square of the ratio of the two greatest eigenvalues each time.
  public static var iterations: Int { 20 }

  /// What the sharpness is of, and where the iteration starts.
  private struct Arguments: ParameterStructure {
    var state: TrainingState
    var rates: [Tensor]
    var start: [Tensor]
    var dataset: [Tensor]
    var batch: [Tensor]

    mutating func visit(
      _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
    ) rethrows {
      try state.visit(path / "state", body)
      try rates.visit(path / "rates", body)
      try start.visit(path / "start", body)
      try dataset.visit(path / "dataset", body)
      try batch.visit(path / "batch", body)
    }
  }

  private let function: CompiledFunction<Tensor, Arguments>
  private let start: [Tensor]

  /// Compiles for states of the problem's inner step and training batches of the given types.
  public init(_ problem: InnerProblem<Task>, batch: [TensorType]) {
    let types = problem.parameters.types
    var stream = RandomStream(seed: 0, purpose: "sharpness")
    start = types.map { Tensor($0) { stream.normal() } }
    let example = Arguments(
      state: problem.step.initialState(problem.template.tensors),
      rates: types.map { .zeros($0) }, start: start, dataset: problem.task.dataset,
      batch: batch.map { .zeros($0) })
    function = compile(like: example) { arguments in
      let roots = arguments.rates.map { Tensor.maximum($0, .zeros($0.type)).squareRoot() }
      func product(_ vector: [Tensor]) -> [Tensor] {
        let moved = jvp(
          at: arguments.state.weights, along: zip(roots, vector).map { $0 * $1 }
        ) { weights in
          problem.trainingGradient(
            arguments.state.replacing(weights: weights), dataset: arguments.dataset,
            batch: arguments.batch)
        }.tangent
        return zip(roots, moved).map { $0 * $1 }
      }
      func powers(_ vector: [Tensor], shift: Tensor) -> [Tensor] {
        Tensor.scan(vector, length: Self.iterations) { vector in
          let next = zip(product(vector), vector).map { $0 - shift * $1 }
          let norm = Norm(next)
          return (next.map { norm.normalized($0) }, NoTensors())
        }.carry
      }
      func quotient(_ vector: [Tensor]) -> Tensor { dot(vector, product(vector)) }

      let norm = Norm(arguments.start)
      let begin = arguments.start.map { norm.normalized($0) }
      let zero = Tensor.zeros(TensorType(.scalar, problem.task.scalarType))
      let first = powers(begin, shift: zero)
      let strongest = quotient(first)
      // The first round's vector is lost to the shifted matrix where it belongs to the shift.
      let isNegative = 1 - (strongest .> 0)
      let second = powers(
        zip(begin, first).map { .select(isNegative, $0, otherwise: $1) },
        shift: Tensor.minimum(strongest, zero))
      return quotient(second)
    }
  }

  /// The greatest eigenvalue, of directions whose rates are above 0; not a number where all rates are
  /// negative.
  ///
  /// - Parameters:
  ///   - state: the inner step's state after one run.
  ///   - rates: what the last step multiplied directions by, in the weights' shapes.
  ///   - dataset: the tensors that all runs of the task share.
  ///   - batch: one row of the training data.
  public func callAsFunction(
    state: TrainingState, rates: [Tensor], dataset: [Tensor], batch: [Tensor]
  ) -> Double {
    // Where rates are negative and none is above 0, all directions ascend.
    let isPositive = rates.contains { $0.doubles.contains { $0 > 0 } }
    guard isPositive || !rates.contains(where: { $0.doubles.contains { $0 < 0 } }) else {
      return .nan
    }
    return function(
      Arguments(state: state, rates: rates, start: start, dataset: dataset, batch: batch)
    ).scalar
  }
}

extension InnerProblem {
  /// The sharpness that training becomes unstable at, on a quadratic and without clipping; nil for
  /// optimizers and transformations that scale gradients themselves, or may.
  package func stabilityEdge(_ scalars: [Tensor]) -> Double? {
    let chain = specification.transformations
    guard specification.online == nil,
      chain.allSatisfy({ $0.keepsSmallGradients || $0.isCoupledDecay })
    else { return nil }
    let optimizer = specification.optimizer
    guard step.scalars.entries.starts(with: optimizer.scalars) else { return nil }
    return optimizer.stabilityEdge(scalars: zip(optimizer.scalars, scalars).map(\.1))
  }
}
