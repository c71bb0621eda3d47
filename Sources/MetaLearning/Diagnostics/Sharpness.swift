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

  private let function: CompiledFunction
  private let start: [Tensor]

  /// Compiles for states of the problem's inner step and training batches of the given types.
  public init(_ problem: InnerProblem<Task>, batch: [TensorType]) {
    let types = problem.parameters.types
    let state = problem.step.initialState(problem.template.tensors).map(\.type)
    var stream = RandomStream(seed: 0, purpose: "sharpness")
    start = types.map { type in
      Tensor((0..<type.shape.count).map { _ in stream.normal() }, type)
    }
    let groups = [state, types, types, problem.task.dataset.map(\.type), batch]
    function = compile(groups.flatMap { $0 }) { values in
      var rest = ArraySlice(values)
      let parts = groups.map { group in
        defer { rest = rest.dropFirst(group.count) }
        return Array(rest.prefix(group.count))
      }
      let roots = parts[1].map { Tensor.maximum($0, .zeros($0.type)).squareRoot() }
      func product(_ vector: [Tensor]) -> [Tensor] {
        jvp(at: Array(parts[0].prefix(types.count)), along: zip(roots, vector).map { $0 * $1 }) {
          weights in
          gradient(at: weights) {
            problem.trainingLoss(
              $0, beside: parts[0], dataset: parts[3], batch: parts[4])
          }
        }.tangents.enumerated().map { roots[$0] * $1 }
      }
      func powers(_ vector: [Tensor], shift: Tensor) -> [Tensor] {
        Tensor.scan(vector, length: Self.iterations) { vector, _ in
          let next = zip(product(vector), vector).map { $0 - shift * $1 }
          let norm = Norm(next)
          return (next.map { norm.normalized($0) }, [])
        }.carries
      }
      func quotient(_ vector: [Tensor]) -> Tensor {
        let terms = zip(vector, product(vector)).map { ($0 * $1).sum() }
        return terms.dropFirst().reduce(terms[0]) { $0 + $1 }
      }
      let norm = Norm(parts[2])
      let begin = parts[2].map { norm.normalized($0) }
      let zero = Tensor.zeros(TensorType(.scalar, problem.task.scalarType))
      let first = powers(begin, shift: zero)
      let strongest = quotient(first)
      // The first round's vector is lost to the shifted matrix where it belongs to the shift.
      let isNegative = strongest.isGreater(than: 0) * -1 + 1
      let second = powers(
        zip(begin, first).map { .select(isNegative, $0, otherwise: $1) },
        shift: Tensor.minimum(strongest, zero))
      return [quotient(second)]
    }
  }

  /// The greatest eigenvalue.
  ///
  /// - Parameters:
  ///   - state: the inner step's state after one run.
  ///   - rates: what the last step multiplied directions by, in the weights' shapes.
  ///   - dataset: the tensors that all runs of the task share.
  ///   - batch: one row of the training data.
  public func callAsFunction(
    state: [Tensor], rates: [Tensor], dataset: [Tensor], batch: [Tensor]
  ) -> Double {
    function(state + rates + start + dataset + batch)[0].scalar
  }
}

extension InnerProblem {
  /// The sharpness that training becomes unstable at, on a quadratic and without clipping; nil for
  /// optimizers and transformations that scale gradients themselves, or may.
  func stabilityEdge(_ scalars: [Tensor]) -> Double? {
    let chain = specification.transformations
    guard specification.online == nil,
      chain.allSatisfy({ $0.keepsSmallGradients || $0.isCoupledDecay })
    else { return nil }
    let optimizer = specification.optimizer
    guard step.scalars.entries.starts(with: optimizer.scalars) else { return nil }
    return optimizer.stabilityEdge(scalars: Array(scalars.prefix(optimizer.scalars.count)))
  }
}
