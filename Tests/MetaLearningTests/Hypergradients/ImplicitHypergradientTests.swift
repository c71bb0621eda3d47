import MetaLearning
import TensorPrograms
import Testing

/// dF/dλ of coupled weight decay where training has converged, against closed forms and against
/// reverse mode through all of the training.
@Suite struct ImplicitHypergradientTests {
  private static let decays = [0.1, 0.05]

  /// A linear model of three inputs trained on all 20 rows at every step.
  private func linear(
    _ loss: LossFunction, optimizer: any Optimizer = Momentum(momentum: 0.5), steps: Int = 500,
    transformations: [any GradientTransformation] = decays.map { CoupledWeightDecay(rate: $0) },
    objective: ObjectiveSpecification = .final
  ) -> InnerProblem<SupervisedTask<MultilayerPerceptron>> {
    var stream = RandomStream(seed: 4, purpose: "ridge")
    let inputs = Tensor((0..<40 * 3).map { _ in stream.normal() }, TensorType([40, 3], .float64))
    let isNumber = loss == .meanSquaredError
    let targets =
      isNumber
      ? Tensor((0..<40).map { _ in stream.normal() }, TensorType([40, 1], .float64))
      : Tensor((0..<40).map { _ in Int32(stream.integer(below: 3)) })
    let task = SupervisedTask(
      inputs: inputs, targets: targets, hidden: [], outputs: isNumber ? 1 : 3, activation: .tanh,
      loss: loss, validation: 0.25, test: 0.25)
    return InnerProblem(
      task: task, template: task.initialParameters(from: &stream),
      specification: InnerSpecification(
        optimizer: optimizer, steps: steps, batch: 20,
        transformations: transformations),
      rates: rateSpecification(.tensor, .constant, .direct, 0.1), objective: objective)
  }

  private func batch(_ problem: InnerProblem<SupervisedTask<MultilayerPerceptron>>) -> EpisodeBatch
  {
    problem.batch(role: .training, seed: 1, indices: 0..<2)
  }

  private func implicit(
    _ problem: InnerProblem<SupervisedTask<MultilayerPerceptron>>, _ solver: ImplicitSolver
  ) throws -> ImplicitHypergradient<SupervisedTask<MultilayerPerceptron>>.Result {
    let batch = batch(problem)
    let function = try ImplicitHypergradient(problem, like: batch, solver: solver)
    return function(batch, at: try problem.initialPoint(for: batch))
  }

  private static let solvers: [ImplicitSolver] = [
    .conjugateGradient(iterations: 30, tolerance: 1e-12), .neumann(terms: 400),
  ]

  /// θ* = (H + λI)⁻¹ (2/n) Xᵀy and −∇F·(H + λI)⁻¹θ*, by elimination.
  @Test(arguments: solvers)
  func ridgeRegressionHasItsClosedForm(_ solver: ImplicitSolver) throws {
    let problem = linear(.meanSquaredError)
    let batch = batch(problem)
    let found = try implicit(problem, solver)
    #expect(found.values.count == 2)
    for run in 0..<2 {
      let (x, y) = rows(problem, batch.episode.steps[0][run][0])
      let (xv, yv) = rows(problem, batch.episode.evaluation[0][run])
      var matrix = x[0].indices.map { i in
        x[0].indices.map { j in 2 / Double(x.count) * x.reduce(0) { $0 + $1[i] * $1[j] } }
      }
      for i in matrix.indices { matrix[i][i] += Self.decays.reduce(0, +) }
      let right = x[0].indices.map { i in
        2 / Double(x.count) * zip(x, y).reduce(0) { $0 + $1.0[i] * $1.1 }
      }
      let weights = solve(matrix, right)
      let slope = weights.indices.map { i in
        2 / Double(xv.count)
          * zip(xv, yv).reduce(0) { sum, row in
            sum + row.0[i] * (zip(row.0, weights).reduce(0) { $0 + $1.0 * $1.1 } - row.1)
          }
      }
      let expected = -zip(slope, solve(matrix, weights)).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(found.values[run] - expected) < 1e-10 * abs(expected))
      #expect(abs(expected) > 1e-3)
    }
    #expect(found.residuals.allSatisfy { $0 < 1e-10 })
    #expect(found.slopes.allSatisfy { $0 < 1e-12 })
    switch solver {
    // Four unknowns take four products.
    case .conjugateGradient: #expect(found.products.allSatisfy { $0 <= 5 })
    case .neumann: #expect(found.products.allSatisfy { $0 >= 400 })
    }
    #expect(found.curvatures.allSatisfy { $0 > 0.15 && $0 < 20 })
  }

  /// Reverse mode through a long run finds the same derivative, and none of the rates.
  @Test(arguments: [LossFunction.meanSquaredError, .crossEntropy], solvers)
  func equalsReverseModeOfAConvergedRun(_ loss: LossFunction, _ solver: ImplicitSolver) throws {
    for optimizer in [SGD(), Nesterov(momentum: 0.5)] as [any Optimizer] {
      let problem = linear(loss, optimizer: optimizer, steps: 1500)
      let batch = batch(problem)
      let exact = ReverseHypergradient(problem, like: batch)(
        batch, at: try problem.initialPoint(for: batch)
      ).gradient
      let positions = problem.step.scalars.names.indices.suffix(2)
      #expect(
        positions.map { problem.step.scalars.names[$0] } == [
          "coupled_weight_decay", "coupled_weight_decay_2",
        ])
      let found = try implicit(problem, solver)
      for position in positions {
        let expected = exact.scalars[position].scalar
        #expect(abs(found.value - expected) < 1e-7 * abs(expected), "\(optimizer)")
      }
      #expect(exact.rates.allSatisfy { $0.doubles.allSatisfy { abs($0) < 1e-9 } })
    }
  }

  /// After few steps weights are at no fixed point, the slope says so, and the two differ.
  @Test func differsFromReverseModeBeforeConvergence() throws {
    let problem = linear(.meanSquaredError, steps: 3)
    let batch = batch(problem)
    let exact = ReverseHypergradient(problem, like: batch)(
      batch, at: try problem.initialPoint(for: batch)
    ).gradient
    let found = try implicit(problem, Self.solvers[0])
    #expect(found.slopes.allSatisfy { $0 > 0.01 })
    #expect(abs(found.value - exact.scalars.last!.scalar) > 0.1 * abs(found.value))
  }

  /// Too few products leave a residual, and it is reported.
  @Test func residualsAreReported() throws {
    let problem = linear(.meanSquaredError)
    for solver in [
      ImplicitSolver.conjugateGradient(iterations: 1, tolerance: 1e-12), .neumann(terms: 2),
    ] {
      let found = try implicit(problem, solver)
      #expect(found.residuals.allSatisfy { $0 > 1e-3 && $0 < 1 })
    }
    let loose = try implicit(problem, .conjugateGradient(iterations: 30, tolerance: 0.5))
    #expect(loose.products.allSatisfy { $0 < 4 })
  }

  /// What is no minimum with weight decay is refused, rates with the reason.
  @Test func whatHasNoSuchDerivativeIsRefused() throws {
    let decay = CoupledWeightDecay(rate: 0.1)
    for problem in [
      linear(.meanSquaredError, transformations: []),
      linear(.meanSquaredError, optimizer: AdamW()), linear(.meanSquaredError, optimizer: LAMB()),
      linear(.meanSquaredError, transformations: [GlobalNormClip(limit: 1), decay]),
      linear(.meanSquaredError, transformations: [decay, GradientNormalization()]),
      linear(.meanSquaredError, objective: .mean),
    ] {
      #expect(throws: RateError.self) { try implicit(problem, Self.solvers[0]) }
    }
    let error = #expect(throws: RateError.self) {
      try implicit(linear(.meanSquaredError, transformations: []), Self.solvers[0])
    }
    #expect(error?.description.contains("identically zero") == true)
    #expect(error?.description.contains("weightDecay") == true)
    // A limit behind the decay lets the minimum be.
    _ = try implicit(
      linear(.meanSquaredError, transformations: [decay, GlobalNormClip(limit: 1)]), Self.solvers[0]
    )
  }

  /// Rows with a 1 for the bias behind the inputs, and their targets.
  private func rows(
    _ problem: InnerProblem<SupervisedTask<MultilayerPerceptron>>, _ indices: Tensor
  ) -> ([[Double]], [Double]) {
    let (inputs, targets) = (problem.task.dataset[0].doubles, problem.task.dataset[1].doubles)
    let chosen = indices.doubles.map { Int($0) }
    return (chosen.map { Array(inputs[3 * $0..<3 * $0 + 3]) + [1] }, chosen.map { targets[$0] })
  }

  /// Gaussian elimination of a positive definite system.
  private func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
    var (matrix, right) = (matrix, right)
    for i in matrix.indices {
      for j in matrix.indices.dropFirst(i + 1) {
        let factor = matrix[j][i] / matrix[i][i]
        for k in matrix.indices { matrix[j][k] -= factor * matrix[i][k] }
        right[j] -= factor * right[i]
      }
    }
    var solution = right
    for i in matrix.indices.reversed() {
      let known = matrix.indices.dropFirst(i + 1).reduce(0) { $0 + matrix[i][$1] * solution[$1] }
      solution[i] = (right[i] - known) / matrix[i][i]
    }
    return solution
  }
}
