import TensorPrograms

/// How (H + λI)⁻¹∇F is found, from products of the matrix with vectors alone.
public enum ImplicitSolver: Sendable, Equatable {
  /// Conjugate gradients: at most so many products, and none once the residual is below the
  /// tolerance times ‖∇F‖.
  case conjugateGradient(iterations: Int, tolerance: Double)
  /// η Σ (I − η(H + λI))ᵏ ∇F over so many terms, 1/η being the largest curvature by power iteration.
  case neumann(terms: Int)
}

/// The derivative of the evaluation loss with respect to coupled weight decay by the implicit
/// function theorem, from trained weights alone.
///
/// Where weights θ minimise the mean of the training loss over a run's batches plus λ/2‖θ‖²,
/// dF/dλ = −∇F·(H + λI)⁻¹θ with H the Hessian of that mean, whatever way led there: nothing of the
/// training is stored. For the same reason the hypergradient of learning rates at an isolated,
/// noise-free fixed point is identically zero, and is not offered. Source: Lorraine, Vicol and
/// Duvenaud, "Optimizing millions of hyperparameters by implicit differentiation" (2020).
public struct ImplicitHypergradient<Task: LearningTask>: Sendable {
  /// Why rates have no hypergradient of this kind.
  public static var zeroForRates: String {
    "an isolated noise-free fixed point does not depend on the rates that led to it, so that by "
      + "implicit differentiation their hypergradient is identically zero"
  }

  /// What was found for each run of a batch.
  public struct Result: Sendable {
    /// dF/dλ.
    public var values: [Double]
    /// ‖∇F − (H + λI)x‖ / ‖∇F‖ at the solution x.
    public var residuals: [Double]
    /// Products of the matrix with a vector that the solution took.
    public var products: [Double]
    /// The smallest vᵀ(H + λI)v / vᵀv met by conjugate gradients (below zero the weights are at no
    /// minimum), or the largest curvature that the Neumann series was scaled by.
    public var curvatures: [Double]
    /// The norm of the gradient of the regularised training objective: 0 at its minimum.
    public var slopes: [Double]

    /// The mean over the runs.
    public var value: Double { values.reduce(0, +) / Double(values.count) }
  }

  /// The program, training included.
  public let compiled: CompiledFunction
  private let problem: InnerProblem<Task>

  /// Compiles for batches like the given one.
  ///
  /// - Throws: `RateError.unsupported` where trained weights are not the minimum of a training
  ///   objective with weight decay, or something else than the last weights alone is judged.
  public init(
    _ problem: InnerProblem<Task>, like batch: EpisodeBatch, solver: ImplicitSolver
  ) throws(RateError) {
    try Self.check(problem)
    self.problem = problem
    let form = BatchForm(problem, batch)
    compiled = compile(form.types) { values in
      let v = form.split(values)
      return Tensor.map(
        slices: v.slices, length: form.runs, outputs: [MapOutput](repeating: .stacked, count: 5)
      ) { rows in
        let run = form.run(v, rows)
        return FixedPoint(problem: problem, run: run, state: problem.outcome(run).state)
          .derivative(solver)
      }
    }
  }

  /// Trains the runs of a batch and differentiates where they end.
  public func callAsFunction(_ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]) -> Result {
    let results = compiled(BatchForm.arguments(problem, batch, raw: raw, scalars: scalars))
      .map(\.doubles)
    return Result(
      values: results[0], residuals: results[1], products: results[2], curvatures: results[3],
      slopes: results[4])
  }

  private static func check(_ problem: InnerProblem<Task>) throws(RateError) {
    let chain = problem.specification.transformations
    guard chain.contains(where: \.isCoupledDecay) else {
      throw .unsupported(
        "implicit differentiation without coupled weight decay: \(zeroForRates); for weight decay "
          + "add inner.transformations=[{kind: weightDecay, rate: 0.001}]")
    }
    let optimizer = problem.specification.optimizer
    guard !optimizer.hasDecoupledDecay else {
      throw .unsupported(
        "implicit differentiation with the optimizer \(optimizer.word), whose decoupled decay moves "
          + "its fixed point; choose another")
    }
    let rest = chain.drop(while: \.isCoupledDecay)
    guard rest.allSatisfy({ !$0.isCoupledDecay && $0.keepsSmallGradients }) else {
      throw .unsupported(
        "implicit differentiation where weight decay is not what happens to gradients first, or "
          + "small gradients are changed: no minimum is a fixed point of such steps")
    }
    guard problem.template.state.tensors.isEmpty else {
      throw .unsupported(
        "implicit differentiation of a model with a state, such as running statistics, which no "
          + "training loss has its minimum in; choose a model without one")
    }
    guard problem.objective == .final else {
      throw .unsupported(
        "implicit differentiation of another objective than final: it is about trained weights")
    }
  }
}

/// One run's trained weights inside a trace.
private struct FixedPoint<Task: LearningTask> {
  let problem: InnerProblem<Task>
  let run: TracedRun
  /// The inner step's state after training.
  let state: [Tensor]

  private var weights: [Tensor] { Array(state.prefix(problem.parameters.count)) }

  /// dF/dλ, relative residual, products, curvature, slope.
  func derivative(_ solver: ImplicitSolver) -> [Tensor] {
    let slope = gradient(at: weights) { problem.judged($0, beside: state, run) }
    let solution: Solution =
      switch solver {
      case .conjugateGradient(let iterations, let tolerance):
        conjugateGradients(slope, iterations, tolerance)
      case .neumann(let terms): neumann(slope, terms)
      }
    let left = zip(slope, product(solution.vector)).map { $0 - $1 }
    return [
      -dot(solution.vector, weights), (dot(left, left) / orOne(dot(slope, slope))).squareRoot(),
      solution.products, solution.curvature,
      dot(regularisedSlope(weights), regularisedSlope(weights)).squareRoot(),
    ]
  }

  private struct Solution {
    var vector: [Tensor]
    var products: Tensor
    var curvature: Tensor
  }

  /// The gradient of the mean training loss plus λ/2‖θ‖².
  private func regularisedSlope(_ point: [Tensor]) -> [Tensor] {
    let steps = problem.specification.steps
    let slope = gradient(at: point) { point in
      Tensor.map(slices: run.steps, length: steps, outputs: [.summed]) { batch in
        [problem.trainingLoss(point, beside: state, dataset: run.dataset, batch: batch)]
      }[0] * (1 / Double(steps))
    }
    return zip(slope, point).map { $0 + decay * $1 }
  }

  /// λ: the sum of all weight decays of the chain.
  private var decay: Tensor {
    let optimizer = problem.specification.optimizer.scalars.count
    let numbered = problem.specification.transformations.filter { $0.number != nil }
    let positions = numbered.indices.filter { numbered[$0].isCoupledDecay }.map { optimizer + $0 }
    return positions.dropFirst().reduce(run.scalars[positions[0]]) { $0 + run.scalars[$1] }
  }

  /// (H + λI) v.
  private func product(_ vector: [Tensor]) -> [Tensor] {
    jvp(at: weights, along: vector, of: regularisedSlope).tangents
  }

  private func conjugateGradients(
    _ right: [Tensor], _ iterations: Int, _ tolerance: Double
  ) -> Solution {
    let count = right.count
    let square = dot(right, right)
    let goal = square * (tolerance * tolerance)
    let zero = square * 0
    let (carries, _) = Tensor.scan(
      right.map { .zeros($0.type) } + right + right + [square, zero, zero + 1e30],
      length: iterations
    ) { carries, _ in
      let (x, r) = (Array(carries.prefix(count)), Array(carries[count..<2 * count]))
      let p = Array(carries[2 * count..<3 * count])
      let size = carries[3 * count]
      // Once the goal is reached every further iteration changes nothing.
      let isActive = Tensor.less(goal, size)
      let moved = product(p)
      let bend = dot(p, moved)
      let length = isActive * size / orOne(bend)
      let residual = zip(r, moved).map { $0 - length * $1 }
      let next = dot(residual, residual)
      let turn = next / orOne(size)
      let curvature = Tensor.minimum(carries[3 * count + 2], bend / orOne(dot(p, p)))
      return (
        zip(x, p).map { $0 + length * $1 } + residual
          + zip(residual, p).map { .select(isActive, $0 + turn * $1, otherwise: $1) }
          + [
            next, carries[3 * count + 1] + isActive,
            .select(isActive, curvature, otherwise: carries[3 * count + 2]),
          ],
        []
      )
    }
    return Solution(
      vector: Array(carries.prefix(count)), products: carries[3 * count + 1],
      curvature: carries[3 * count + 2])
  }

  private func neumann(_ right: [Tensor], _ terms: Int) -> Solution {
    let count = right.count
    let (powers, _) = Tensor.scan(
      normalised(right) + [dot(right, right) * 0], length: Self.powerIterations
    ) { carries, _ in
      let moved = product(Array(carries.prefix(count)))
      return (normalised(moved) + [dot(moved, moved).squareRoot()], [])
    }
    let curvature = powers[count]
    let length = 1 / orOne(curvature)
    let (carries, _) = Tensor.scan(right + right, length: max(0, terms - 1)) { carries, _ in
      let term = Array(carries.suffix(count))
      let next = zip(term, product(term)).map { $0 - length * $1 }
      return (zip(carries, next).map { $0 + $1 } + next, [])
    }
    return Solution(
      vector: carries.prefix(count).map { length * $0 },
      products: curvature * 0 + Double(terms - 1 + Self.powerIterations), curvature: curvature)
  }

  private static var powerIterations: Int { 30 }

  private func dot(_ a: [Tensor], _ b: [Tensor]) -> Tensor {
    let terms = zip(a, b).map { ($0 * $1).sum() }
    return terms.dropFirst().reduce(terms[0]) { $0 + $1 }
  }

  /// The number, or 1 in place of 0, to divide by.
  private func orOne(_ number: Tensor) -> Tensor {
    .select(.equal(number, number * 0), number * 0 + 1, otherwise: number)
  }

  private func normalised(_ vector: [Tensor]) -> [Tensor] {
    let norm = orOne(dot(vector, vector)).squareRoot()
    return vector.map { $0 / norm }
  }
}
