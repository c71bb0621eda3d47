import MetaLearning
import TensorPrograms
import Testing

@Suite struct AdjointNormsTests {
  /// Norms of the derivatives of explicit tails: momentum written out by hand.
  private func explicit(
    _ problem: InnerProblem<SupervisedTask<MultilayerPerceptron>>, _ batch: EpisodeBatch,
    at moments: [Int]
  ) throws -> [Double] {
    let (task, template) = (problem.task, problem.template)
    let steps = problem.specification.steps
    let rates = problem.rates.expanded(try problem.rates.initialRates())
    let schedule = problem.specification.schedule
    func step(_ weights: [Tensor], _ velocity: [Tensor], _ t: Int) -> ([Tensor], [Tensor], Tensor) {
      let (loss, slope) = valueAndGradient(at: weights) {
        task.trainingLoss(of: template.replacingTensors($0), batch: [batch.episode.steps[0][0][t]])
      }
      let velocity = zip(velocity, slope).map { 0.8 * $0 + $1 }
      let rate = rates.map {
        (problem.rates.timeRows == nil ? $0 : $0[t]) * schedule.multiplier(at: t, of: steps)
      }
      return (zip(weights, zip(rate, velocity)).map { $0 - $1.0 * $1.1 }, velocity, loss)
    }
    func judged(_ weights: [Tensor]) -> Tensor {
      task.evaluationLoss(
        template.replacingTensors(weights), dataset: task.dataset,
        batch: [batch.episode.evaluation[0][0]])
    }
    func tail(_ weights: [Tensor], _ velocity: [Tensor], from start: Int) -> Tensor {
      var (weights, velocity, terms) = (weights, velocity, [Tensor]())
      for t in start..<steps {
        let (next, nextVelocity, loss) = step(weights, velocity, t)
        (weights, velocity) = (next, nextVelocity)
        switch problem.objective {
        case .training: terms.append(loss * (1 / Double(steps)))
        case .mean: terms.append(judged(weights) * (1 / Double(steps)))
        default: break
        }
      }
      if problem.objective == .final { terms.append(judged(weights)) }
      return terms.dropFirst().reduce(terms[0]) { $0 + $1 }
    }
    var weights = batch.initialWeights(ofRun: 0)
    var velocity = weights.map { Tensor.zeros($0.type) }
    var norms: [Double] = []
    for t in 0..<steps {
      if moments.contains(t) {
        norms.append(globalNorm(gradient(at: weights) { tail($0, velocity, from: t) }))
      }
      (weights, velocity, _) = step(weights, velocity, t)
    }
    return norms
  }

  /// Fewer steps than segments, steps that segments divide, and steps that they do not.
  @Test(arguments: [5, 18, 19], [ObjectiveSpecification.final, .mean, .training])
  func areTheDerivativesOfTails(_ steps: Int, _ objective: ObjectiveSpecification) throws {
    for (time, memory) in [
      (RateTime.constant, UnrollMemory.storeAll), (.step, .segments),
    ] {
      let problem = smallProblem(
        Momentum(momentum: 0.8), rates: rateSpecification(.tensor, time),
        steps: steps, schedule: CosineSchedule(final: 0.1), objective: objective, memory: memory)
      let batch = problem.batch(role: .validation, seed: 3, indices: 0..<1)
      let norms = AdjointNorms(problem, like: batch)
      let moments = Array(stride(from: 0, to: steps, by: steps < 16 ? 1 : 2))
      #expect(norms.steps == moments)
      let found = norms(batch, at: try problem.initialPoint(for: batch))
      let expected = try explicit(problem, batch, at: moments)
      #expect(found.count == expected.count)
      for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-11 * b, "\(a) against \(b)") }
    }
  }

  /// Derivatives whose squares single precision cannot hold.
  @Test func largeDerivativesHaveANorm() throws {
    let task = PlainQuadratic(
      curvatures: [-1e5, -1e5], start: [1e-30, 1e-30], judgesSum: true, scalarType: .float32)
    let problem = task.problem(rate: 1, steps: 6)
    let batch = problem.batch(role: .validation, seed: 0, indices: 0..<1)
    let norms = AdjointNorms(problem, like: batch)(
      batch, at: try problem.initialPoint(for: batch))
    #expect(abs(norms[0] / 1.41430e30 - 1) < 1e-3)
  }
}

@Suite struct SharpnessTests {
  /// The greatest eigenvalue of a symmetric matrix, by Jacobi's rotations.
  private func greatestEigenvalue(_ matrix: [[Double]]) -> Double {
    var a = matrix
    let count = a.count
    for _ in 0..<60 {
      for p in 0..<count {
        for q in p + 1..<count where abs(a[p][q]) > 1e-300 {
          let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
          let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          let s = t * c
          for k in 0..<count {
            (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q])
          }
          for k in 0..<count {
            (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k])
          }
        }
      }
    }
    return a.indices.map { a[$0][$0] }.max()!
  }

  private func sharpness<Task: LearningTask>(
    _ problem: InnerProblem<Task>, weights: [Tensor], rates: [Tensor], batch: [Tensor]
  ) -> Double {
    Sharpness(problem, batch: batch.map(\.type))(
      state: problem.step.initialState(weights), rates: rates, dataset: problem.task.dataset,
      batch: batch)
  }

  /// λ_max(A^½ H A^½) of a network from its Hessian, column by column.
  @Test func isTheGreatestEigenvalueOfTheScaledHessian() throws {
    let problem = smallProblem(SGD(), rates: rateSpecification())
    let episodes = problem.batch(role: .validation, seed: 5, indices: 0..<1)
    let batch = [episodes.episode.steps[0][0][0]]
    let weights = episodes.initialWeights(ofRun: 0)
    var stream = RandomStream(seed: 8, purpose: "rates")
    // Some rates are negative, which count as 0.
    let rates = weights.map { weight in
      Tensor(weight.doubles.map { _ in 0.3 * stream.normal() + 0.2 }, weight.type)
    }
    let task = problem.task
    let roots = rates.flatMap(\.doubles).map { max($0, 0).squareRoot() }
    let sizes = weights.map(\.shape.count)
    let rows = roots.indices.map { column in
      var start = 0
      let unit = zip(weights, sizes).map { weight, size in
        defer { start += size }
        return Tensor((start..<start + size).map { $0 == column ? 1 : 0 }, weight.type)
      }
      let product = jvp(at: weights, along: unit) { weights in
        gradient(at: weights) {
          task.trainingLoss(of: problem.template.replacingTensors($0), batch: batch)
        }
      }.tangent.flatMap(\.doubles)
      return zip(product, roots).map { $0 * $1 * roots[column] }
    }
    let expected = greatestEigenvalue(rows)
    let found = sharpness(problem, weights: weights, rates: rates, batch: batch)
    #expect(expected > 0.01)
    #expect(abs(found - expected) < 0.01 * expected, "\(found) against \(expected)")
  }

  /// Where the eigenvalue of greatest magnitude is negative, it is not the greatest.
  @Test func isTheGreatestWhereANegativeOneIsLarger() throws {
    let task = PlainQuadratic(curvatures: [-5, 2, 1, 0.1], start: [1, 1, 1, 1])
    let problem = task.problem(rate: 0.5, steps: 1)
    let weights = [Tensor([1.0, 2, 3, 4])]
    let batch = [Tensor([0.0])]
    let found = sharpness(
      problem, weights: weights, rates: [Tensor([0.5, 0.5, 2, 2])], batch: batch)
    #expect(abs(found - 2) < 0.02)
    let flat = sharpness(problem, weights: weights, rates: [.zeros(weights[0].type)], batch: batch)
    #expect(flat == 0)
  }
}

@Suite struct DiagnosticsTests {
  private func diagnostics(
    _ problem: InnerProblem<PlainQuadratic>, rate: Double = 1e-6,
    clip: (any GradientTransformation)? = nil
  ) throws -> Diagnostics {
    var loop = try OuterLoop(
      problem,
      specification: OuterSpecification(
        rate: rate, steps: 2, tasks: 1, clip: clip,
        validation: ValidationSpecification(every: 2, tasks: 1)),
      seed: 0)
    #expect(try loop.step().diagnostics == nil)
    return try #require(try loop.step().diagnostics)
  }

  private func warnings(_ diagnostics: Diagnostics) -> [String] {
    diagnostics.warnings(names: [ParameterPath(["000_quadratic", "weight"])]).map(\.subject)
  }

  @Test func aGoodRunHasNoWarnings() throws {
    let task = PlainQuadratic(curvatures: [1, 0.5], start: [1, 1])
    let found = try diagnostics(task.problem(rate: 0.4, steps: 20))
    #expect(abs(found.sharpness - 0.4) < 1e-3)
    #expect(found.stabilityEdge == 2)
    #expect(found.fractionMoved == 0 && found.fractionNegative == 0 && found.fractionAtBound == 0)
    #expect(found.isHypergradientZero == [false])
    #expect(found.adjointSteps == Array(stride(from: 0, to: 20, by: 2)))
    #expect(warnings(found).isEmpty)
  }

  /// Rates beyond the edge: θ is multiplied by −2 each step, and its derivative too.
  @Test func instabilityIsSeen() throws {
    let task = PlainQuadratic(curvatures: [1, 0.5], start: [1e-9, 1e-9])
    let found = try diagnostics(task.problem(rate: 3, steps: 20))
    #expect(abs(found.sharpness - 3) < 0.01)
    // From the start and from the last segment's two steps: 2²⁰ against 2².
    #expect(abs(found.adjointGrowth / 0x1p18 - 1) < 1e-3)
    #expect(warnings(found) == ["adjoint growth", "sharpness"])
    let words = found.warnings(names: []).map(\.text)
    #expect(words[0].contains("at inner step 18 to"))
    #expect(words[1].contains("above the edge of stability 2"))
  }

  @Test func edgesAreThoseOfTheOptimizer() throws {
    let task = PlainQuadratic(curvatures: [1, 0.5], start: [1, 1])
    for (optimizer, edge) in [
      (SGD(), 2), (Momentum(momentum: 0.5), 3), (Nesterov(momentum: 0.5), 1.5), (RMSprop(), nil),
      (LAMB(), nil),
    ] as [(any Optimizer, Double?)] {
      #expect(
        try diagnostics(task.problem(optimizer, rate: 0.1, steps: 3)).stabilityEdge == edge)
      // A little below the edge weights shrink, a little above they grow.
      guard let edge else { continue }
      for (factor, isStable) in [(0.98, true), (1.02, false)] {
        let problem = task.problem(optimizer, rate: factor * edge, steps: 1000)
        let batch = problem.batch(role: .validation, seed: 0, indices: 0..<1)
        let end = EvaluationFunction(problem, like: batch)(
          batch, at: try problem.initialPoint(for: batch))
        #expect((end.objective < 1e-3) == isStable)
      }
    }
  }

  @Test func movedAndNegativeRatesAreCounted() throws {
    let task = PlainQuadratic(curvatures: [1, 0], start: [1, 1])
    let found = try diagnostics(task.problem(rate: 0.01, steps: 5), rate: -0.1)
    // The flat weight's rate has no hypergradient and stays.
    #expect(found.fractionMoved == 0.5 && found.fractionNegative == 0.5)
    #expect(warnings(found) == ["negative rates"])
  }

  @Test func aWholeTensorWithoutHypergradientIsNamed() throws {
    let task = PlainQuadratic(curvatures: [0, 0], start: [1, 1])
    let found = try diagnostics(task.problem(rate: 0.1, steps: 5))
    #expect(found.isHypergradientZero == [true])
    #expect(warnings(found) == ["zero hypergradient of 000_quadratic/weight"])
  }
}
