import MetaLearning
import TensorPrograms
import Testing

/// What a layer keeps beside its weights goes through the inner loop, and derivatives through it.
@Suite struct RunningStatisticsTests {
  private static let share = 0.3

  /// Rows, batch normalization with running statistics, and a dense layer to three classes.
  private func problem(
    _ optimizer: any Optimizer = Momentum(momentum: 0.8), steps: Int = 5,
    objective: ObjectiveSpecification = .final, memory: UnrollMemory = .storeAll,
    online: OnlineSpecification? = nil, transformations: [any GradientTransformation] = []
  ) throws -> InnerProblem<SupervisedTask<LayeredModel>> {
    var stream = RandomStream(seed: 6, purpose: "running statistics")
    let inputs = Tensor(
      (0..<40 * 4).map { _ in 2 * stream.normal() + 1 }, TensorType([40, 4], .float64))
    let targets = Tensor((0..<40).map { _ in Int32(stream.integer(below: 3)) })
    let layers: [any LayerKind] = [
      DenseLayer(units: 5), BatchNormalizationLayer(running: Self.share), ActivationLayer(.tanh),
    ]
    let drawing = try LayeredKind(layers: layers).drawing(
      for: ExampleForm(inputs: [4], outputs: 3, scalar: .float64))
    let task = SupervisedTask(
      inputs: inputs, targets: targets, loss: .crossEntropy, validation: 0.25, test: 0.25,
      model: drawing.draw)
    var inner = InnerSpecification(steps: steps, batch: 6)
    inner.optimizer = optimizer
    inner.online = online
    inner.transformations = transformations
    return InnerProblem(
      task: task, template: task.initialParameters(from: &stream), specification: inner,
      rates: rateSpecification(), objective: objective, memory: memory)
  }

  /// The largest difference of two lists of tensors. The bias before a normalization has no
  /// gradient but rounding, so that nothing is relative to each tensor.
  private func gap(_ a: [Tensor], _ b: [Tensor]) -> Double {
    zip(a.flatMap(\.doubles), b.flatMap(\.doubles)).map { abs($0 - $1) }.max() ?? .infinity
  }

  private func objective(
    _ problem: InnerProblem<SupervisedTask<LayeredModel>>, _ batch: EpisodeBatch,
    _ point: Hyperparameters
  ) -> Double {
    EvaluationFunction(problem, like: batch)(batch, at: point).objective
  }

  /// Plain descent written out by hand, with the averages of each batch's statistics.
  @Test func aRunIsWhatItIsByHand() throws {
    let problem = try problem(SGD())
    let batch = problem.batch(role: .training, seed: 3, indices: 0..<1)
    let point = try problem.initialPoint(for: batch)
    var weights = batch.initialWeights(ofRun: 0)
    var mean = Tensor.zeros(TensorType([5], .float64))
    var variance = Tensor(repeating: 1, mean.type)
    let (inputs, targets) = (problem.task.dataset[0], problem.task.dataset[1])
    func answers(_ w: [Tensor], _ centered: Tensor, _ variance: Tensor) -> Tensor {
      let normal = centered / (variance + 1e-5).squareRoot() * w[2] + w[3]
      return normal.tanh().product(w[4]) + w[5]
    }
    for step in 0..<5 {
      let rows = batch.episode.steps[0][0][step]
      func hidden(_ w: [Tensor]) -> Tensor { inputs.gather(rows).product(w[0]) + w[1] }
      func moments(_ x: Tensor) -> (Tensor, Tensor) {
        (x.mean(axes: [0]), (x - x.mean(axes: [0])).squared().mean(axes: [0]))
      }
      let slope = gradient(at: weights) { w in
        let (mean, variance) = moments(hidden(w))
        return LossFunction.crossEntropy(
          answers(w, hidden(w) - mean, variance), targets.gather(rows))
      }
      let (newMean, newVariance) = moments(hidden(weights))
      mean = (1 - Self.share) * mean + Self.share * newMean
      variance = (1 - Self.share) * variance + Self.share * newVariance
      weights = zip(weights, slope).map { $0 - 0.1 * $1 }
    }
    let rows = batch.episode.evaluation[0][0]
    let judged = inputs.gather(rows).product(weights[0]) + weights[1]
    let expected = LossFunction.crossEntropy(
      answers(weights, judged - mean, variance), targets.gather(rows))
    let found = EvaluationFunction(problem, like: batch)(batch, at: point)
    #expect(abs(found.objective - expected.scalar) < 1e-12)
    #expect(found.state.tensors.count == weights.count + 2 && found.state.model.count == 2)
    #expect(gap(found.state.tensors.map { $0[0] }, weights + [mean, variance]) < 1e-12)
  }

  /// The hypergradient knows how rates change what is kept: reverse, forward and differences agree,
  /// under every memory policy and objective.
  @Test(arguments: [
    ObjectiveSpecification.final, .mean, .training,
  ])
  func hypergradientsGoThroughTheState(_ objective: ObjectiveSpecification) throws {
    let problem = try problem(objective: objective)
    let batch = problem.batch(role: .training, seed: 3, indices: 0..<2)
    let point = try problem.initialPoint(for: batch)
    let found = ReverseHypergradient(problem, like: batch)(batch, at: point).gradient
    let forward = ForwardHypergradient(problem, like: batch)(batch, at: point).gradient
    #expect(gap(found.tensors, forward.tensors) < 1e-12)
    for memory in [UnrollMemory.everyStep, .segments, .binomial(snapshots: 2)] {
      let other = ReverseHypergradient(
        try self.problem(objective: objective, memory: memory), like: batch)(batch, at: point)
      #expect(gap(found.rates, other.gradient.rates) < 1e-12, "\(memory)")
    }
    var stream = RandomStream(seed: 8, purpose: "direction")
    let direction = point.rates.map { tensor in
      Tensor(tensor.doubles.map { _ in stream.normal() }, tensor.type)
    }
    func at(_ h: Double) -> Double {
      let moved = zip(point.rates, direction).map { $0 + h * $1 }
      return self.objective(problem, batch, problem.point(moved, for: batch))
    }
    let h = 1e-4
    let expected = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
    let rise = zip(found.rates, direction).map { ($0 * $1).sum().scalar }.reduce(0, +)
    #expect(abs(rise - expected) < 1e-6 * max(abs(expected), 0.1), "\(rise) against \(expected)")
  }

  /// Estimators that walk through the run themselves come to the same run.
  @Test(arguments: [ObjectiveSpecification.final, .mean, .training])
  func allEstimatorsSeeTheSameRun(_ objective: ObjectiveSpecification) throws {
    let problem = try problem(SGD(), objective: objective)
    let batch = problem.batch(role: .training, seed: 3, indices: 0..<2)
    let point = try problem.initialPoint(for: batch)
    let expected = self.objective(problem, batch, point)
    let estimators: [any CompiledHypergradient] = [
      OnlineHypergradient(problem, like: batch),
      DiagonalForwardHypergradient(problem, like: batch, decay: 1),
      ReverseHypergradient(problem, like: batch, treatment: ReverseTreatment(window: 2)),
    ]
    for estimator in estimators {
      let found = estimator(batch, at: point)
      #expect(abs(found.objective - expected) < 1e-12, "\(type(of: estimator))")
      #expect(found.gradient.rates.contains { $0.doubles.contains { $0 != 0 } })
    }
  }

  /// What is kept goes on where a run is cut, and rates that adapt leave it alone.
  @Test func stretchesGoOn() throws {
    let online = OnlineSpecification(.additive, metaRate: 0.01)
    for online in [nil, online] {
      let whole = try problem(steps: 6, online: online)
      let half = whole.training(for: 3)
      let batch = whole.batch(role: .training, seed: 3, indices: 0..<1)
      let point = try whole.initialPoint(for: batch)
      let expected = EvaluationFunction(whole, like: batch)(batch, at: point).state
      var first = batch
      first.episode.steps = batch.episode.steps.map { Tensor.stack([$0[0].slice(0..<3)]) }
      let middle = EvaluationFunction(half, like: first)(first, at: point)
      var second = batch
      second.episode.steps = batch.episode.steps.map { Tensor.stack([$0[0].slice(3..<6)]) }
      second.start = .state(middle.state)
      let last = EvaluationFunction(half, like: second)(second, at: point)
      #expect(difference(last.state, expected) < 1e-12)
      let names = expected.names(
        weights: whole.parameters.paths, model: whole.template.state.paths)
      #expect(names.count == expected.tensors.count)
      #expect(
        names.suffix(2).map(\.description) == [
          "001_batch_norm/running_mean", "001_batch_norm/running_variance",
        ])
    }
  }

  /// No training loss has its minimum in running statistics.
  @Test func implicitDifferentiationRefusesThem() throws {
    let problem = try problem(SGD(), transformations: [CoupledWeightDecay(rate: 0.01)])
    let batch = problem.batch(role: .training, seed: 3, indices: 0..<1)
    #expect(throws: RateError.self) {
      _ = try ImplicitHypergradient(
        problem, like: batch, solver: .conjugateGradient(iterations: 5, tolerance: 1e-6))
    }
  }
}
