import TensorPrograms

/// How (H + λI)⁻¹∇F is found, from products of the matrix with vectors alone.
public enum ImplicitSolver: Sendable, Equatable {
  /// Conjugate gradients: at most so many products, and none once the residual is below the
  /// tolerance times ‖∇F‖.
  case conjugateGradient(iterations: Int, tolerance: Double)
  /// η Σ (I − η(H + λI))ᵏ ∇F over so many terms, 1/η being the largest curvature by power
  /// iteration.
  case neumann(terms: Int)
}

/// The derivative of the evaluation loss with respect to coupled weight decay by the implicit
/// function theorem, from trained weights alone.
///
/// Where weights θ minimize the mean of the training loss over a run's batches plus λ/2‖θ‖²,
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
    /// The norm of the gradient of the regularized training objective: 0 at its minimum.
    public var slopes: [Double]

    /// The mean over the runs.
    public var value: Double { values.reduce(0, +) / Double(values.count) }
  }

  private let function: CompiledFunction<Solution, BatchArguments>
  private let problem: InnerProblem<Task>

  /// Compiles for batches like the given one.
  ///
  /// - Throws: `RateError.unsupported` where trained weights are not the minimum of a training
  ///   objective with weight decay, or something else than the last weights alone is evaluated.
  public init(
    _ problem: InnerProblem<Task>, like batch: EpisodeBatch, solver: ImplicitSolver
  ) throws(RateError) {
    try Self.check(problem)
    self.problem = problem
    function = compile(like: .example(problem, batch)) { arguments in
      arguments.map { run in
        FixedPoint(problem: problem, run: run, state: problem.outcome(run).state!)
          .derivative(solver)
      }
    }
  }

  /// The program, training included.
  public var program: CompiledProgram { function.program }

  /// Trains the runs of a batch and differentiates where they end.
  public func callAsFunction(_ batch: EpisodeBatch, at point: Hyperparameters) -> Result {
    let found = function(BatchArguments(problem, batch, at: point))
    return Result(
      values: found.value.doubles, residuals: found.residual.doubles,
      products: found.products.doubles, curvatures: found.curvature.doubles,
      slopes: found.slope.doubles)
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

/// What is found for one run, scalars.
private struct Solution: ParameterStructure {
  var value: Tensor
  var residual: Tensor
  var products: Tensor
  var curvature: Tensor
  var slope: Tensor

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "value", &value)
    try body(path / "residual", &residual)
    try body(path / "products", &products)
    try body(path / "curvature", &curvature)
    try body(path / "slope", &slope)
  }
}

/// One run's trained weights inside a trace.
private struct FixedPoint<Task: LearningTask> {
  let problem: InnerProblem<Task>
  let run: TracedRun
  /// The inner step's state after training.
  let state: TrainingState

  func derivative(_ solver: ImplicitSolver) -> Solution {
    let right = problem.evaluationGradient(state, run).gradient
    let solution: LinearSolution =
      switch solver {
      case .conjugateGradient(let iterations, let tolerance):
        conjugateGradients(right, iterations, tolerance)
      case .neumann(let terms): neumann(right, terms)
      }
    let left = zip(right, product(solution.x)).map { $0 - $1 }
    let slope = regularizedGradient(state.weights)
    return Solution(
      value: -dot(solution.x, state.weights),
      residual: (dot(left, left) / orOne(dot(right, right))).squareRoot(),
      products: solution.products, curvature: solution.curvature,
      slope: dot(slope, slope).squareRoot())
  }

  private struct LinearSolution {
    var x: [Tensor]
    var products: Tensor
    var curvature: Tensor
  }

  /// The gradient of the mean training loss plus λ/2‖θ‖².
  private func regularizedGradient(_ point: [Tensor]) -> [Tensor] {
    let steps = problem.specification.steps
    let slope = gradient(at: point) { point in
      let state = state.replacing(weights: point)
      return Tensor.sum(over: run.episode.steps, length: steps) { batch in
        problem.trainingLoss(state, dataset: run.dataset, batch: batch)
      } * (1 / Double(steps))
    }
    return zip(slope, point).map { $0 + decay * $1 }
  }

  /// λ: the sum of all weight decays of the chain.
  private var decay: Tensor {
    let layout = ScalarLayout(parts: [
      problem.specification.optimizer.scalars, problem.specification.transformations.numbers,
    ])
    let numbers = layout.parts(of: run.hyperparameters.scalars)[1]
    let numbered = problem.specification.transformations.filter { $0.number != nil }
    return sum(zip(numbered, numbers).filter(\.0.isCoupledDecay).map(\.1))
  }

  /// (H + λI) v.
  private func product(_ vector: [Tensor]) -> [Tensor] {
    jvp(at: state.weights, along: vector, of: regularizedGradient).tangent
  }

  /// Solves (H + λI) x = b by the method of conjugate gradients.
  private func conjugateGradients(
    _ b: [Tensor], _ iterations: Int, _ tolerance: Double
  ) -> LinearSolution {
    let square = dot(b, b)
    let goal = square * (tolerance * tolerance)
    let zero = square * 0
    let last = Tensor.scan(
      ConjugateGradients(
        x: b.map { .zeros($0.type) }, r: b, p: b, rr: square, products: zero,
        curvature: zero + 1e30),
      length: iterations
    ) { now in
      // Once the goal is reached every further iteration changes nothing.
      let isActive = goal .< now.rr
      let Ap = product(now.p)
      let pAp = dot(now.p, Ap)
      let alpha = isActive * now.rr / orOne(pAp)
      let r = zip(now.r, Ap).map { $0 - alpha * $1 }
      let rr = dot(r, r)
      let beta = rr / orOne(now.rr)
      let curvature = Tensor.minimum(now.curvature, pAp / orOne(dot(now.p, now.p)))
      let next = ConjugateGradients(
        x: zip(now.x, now.p).map { $0 + alpha * $1 }, r: r,
        p: zip(r, now.p).map { .select(isActive, $0 + beta * $1, otherwise: $1) }, rr: rr,
        products: now.products + isActive,
        curvature: .select(isActive, curvature, otherwise: now.curvature))
      return (next, NoTensors())
    }.carry
    return LinearSolution(x: last.x, products: last.products, curvature: last.curvature)
  }

  private func neumann(_ b: [Tensor], _ terms: Int) -> LinearSolution {
    let largest = Tensor.scan(
      PowerIteration(vector: normalized(b), length: dot(b, b) * 0), length: Self.powerIterations
    ) { now in
      let moved = product(now.vector)
      return (
        PowerIteration(vector: normalized(moved), length: dot(moved, moved).squareRoot()),
        NoTensors()
      )
    }.carry.length
    let eta = 1 / orOne(largest)
    let series = Tensor.scan(
      NeumannSeries(sum: b, term: b), length: max(0, terms - 1)
    ) { now in
      let term = zip(now.term, product(now.term)).map { $0 - eta * $1 }
      return (
        NeumannSeries(sum: zip(now.sum, term).map { $0 + $1 }, term: term), NoTensors()
      )
    }.carry
    return LinearSolution(
      x: series.sum.map { eta * $0 },
      products: largest * 0 + Double(terms - 1 + Self.powerIterations), curvature: largest)
  }

  private static var powerIterations: Int { 30 }

  /// The number, or 1 in place of 0, to divide by.
  private func orOne(_ number: Tensor) -> Tensor {
    .select(number .== 0, number * 0 + 1, otherwise: number)
  }

  private func normalized(_ vector: [Tensor]) -> [Tensor] {
    let norm = orOne(dot(vector, vector)).squareRoot()
    return vector.map { $0 / norm }
  }
}

/// The method's iterates: solution x, residual r, search direction p, ‖r‖², products so far, and
/// the smallest curvature pᵀAp / pᵀp met.
private struct ConjugateGradients: ParameterStructure {
  var x: [Tensor]
  var r: [Tensor]
  var p: [Tensor]
  var rr: Tensor
  var products: Tensor
  var curvature: Tensor

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try x.visit(path / "x", body)
    try r.visit(path / "r", body)
    try p.visit(path / "p", body)
    try body(path / "rr", &rr)
    try body(path / "products", &products)
    try body(path / "curvature", &curvature)
  }
}

/// A unit vector, and the length of the product that it was made of.
private struct PowerIteration: ParameterStructure {
  var vector: [Tensor]
  var length: Tensor

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try vector.visit(path / "vector", body)
    try body(path / "length", &length)
  }
}

/// The sum so far and its last term.
private struct NeumannSeries: ParameterStructure {
  var sum: [Tensor]
  var term: [Tensor]

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try sum.visit(path / "sum", body)
    try term.visit(path / "term", body)
  }
}
