import MetaLearning
import TensorPrograms
import Testing

/// Zeros where formulas divide or take roots: every hypergradient stays finite.
@Suite struct ZeroGradientTests {
  /// What is zero.
  enum Zeros: String, CaseIterable, Sendable {
    /// Every gradient of the first step: no input, no bias, targets of zero.
    case firstStep
    /// Gradients of the first layer, at every step: no unit is ever active.
    case deadLayer
    /// Biases at the start, and nothing else.
    case biases
    /// All targets: nothing is left to learn once weights vanish.
    case targets
    /// Nothing, but gradients of the first layer are below the normal numbers of single precision.
    case subnormal
  }

  /// A table whose first half has no inputs and no targets.
  private func problem(
    _ zeros: Zeros, _ optimizer: any Optimizer, _ chain: [any GradientTransformation],
    _ granularity: Granularity, _ scalar: ScalarType
  ) -> InnerProblem<SupervisedTask<MultilayerPerceptron>> {
    var stream = RandomStream(seed: 6, purpose: "zeros")
    let size = zeros == .subnormal ? 1e-20 : 1
    let inputs = (0..<40 * 5).map { $0 < 20 * 5 ? 0 : size * stream.normal() }
    let targets = (0..<40 * 2).map { $0 < 20 * 2 || zeros == .targets ? 0 : size * stream.normal() }
    let task = SupervisedTask(
      inputs: Tensor(inputs, TensorType([40, 5], scalar)),
      targets: Tensor(targets, TensorType([40, 2], scalar)), hidden: [6], outputs: 2,
      activation: zeros == .deadLayer ? .relu : .tanh, loss: .meanSquaredError, validation: 0.25,
      test: 0.25)
    return InnerProblem(
      task: task, template: task.initialParameters(from: &stream),
      specification: InnerSpecification(
        optimizer: optimizer, steps: 4, batch: 4, transformations: chain),
      rates: rateSpecification(granularity, .constant, .log, 0.05))
  }

  private func batch(_ problem: InnerProblem<SupervisedTask<MultilayerPerceptron>>, _ zeros: Zeros)
    -> EpisodeBatch
  {
    var batch = problem.batch(
      role: .training, seed: 1, indices: 0..<2, sharesInitialWeights: true)
    if zeros == .firstStep {
      batch.episode.steps = [
        Tensor((0..<2 * 4 * 4).map { Int32($0 % 16 < 4 ? 0 : 39) }, shape: [2, 4, 4])
      ]
    }
    return batch
  }

  private func point(
    _ problem: InnerProblem<SupervisedTask<MultilayerPerceptron>>, _ zeros: Zeros,
    _ runs: EpisodeBatch
  ) throws -> Hyperparameters {
    var point = try problem.initialPoint(for: runs)
    if zeros == .deadLayer { point.initialWeights[1] = point.initialWeights[1] - 1e3 }
    return point
  }

  /// Without ε under the root, second moments of exactly 0 have a derivative nevertheless.
  @Test(arguments: [RMSprop(), Adam(), AdamW(), LAMB()] as [any RootGuarded])
  func rootsOfZeroAreFinite(_ guarded: any RootGuarded) throws {
    for zeros in [Zeros.firstStep, .deadLayer] {
      var optimizer = guarded
      optimizer.epsilonRoot = 0
      let problem = problem(zeros, optimizer, [], .parameter, .float64)
      let runs = batch(problem, zeros)
      let found = ReverseHypergradient(problem, like: runs)(
        runs, at: try point(problem, zeros, runs))
      let all = found.gradient.tensors.flatMap(\.doubles)
      #expect(all.allSatisfy { $0.isFinite })
      #expect(all.contains { $0 != 0 })
    }
  }

  /// Tensors too small for derivatives of their direction count as zeros.
  @Test func tooSmallDirectionsAreZero() throws {
    let task = PlainQuadratic(
      curvatures: [0, 0, 0, 0], start: [1, 1, 1, 1], slope: 1e-37, judgesSum: true,
      scalarType: .float32)
    let problem = task.problem(rate: 0.25, steps: 1, transformations: [GradientNormalization()])
    let batch = problem.batch(role: .training, seed: 0, indices: 0..<1)
    let found = ReverseHypergradient(problem, like: batch)(
      batch, at: try problem.initialPoint(for: batch))
    #expect(found.gradient.rates[0].doubles == [0, 0, 0, 0])
    #expect(found.objective == 4)
  }

  /// Every optimizer behind every transformation, in both precisions and both modes.
  @Test(arguments: HypergradientTests.optimizers, HypergradientTests.chains)
  func hypergradientsAreFinite(
    _ optimizer: any Optimizer, _ chain: [any GradientTransformation]
  ) throws {
    for zeros in Zeros.allCases {
      for scalar in [ScalarType.float32, .float64] {
        let place = Comment("\(zeros), \(scalar)")
        let fine = problem(zeros, optimizer, chain, .parameter, scalar)
        let runs = batch(fine, zeros)
        let reverse = ReverseHypergradient(fine, like: runs)(
          runs, at: try point(fine, zeros, runs))
        let all = reverse.gradient.tensors.flatMap(\.doubles)
        #expect(all.allSatisfy { $0.isFinite }, place)
        #expect(reverse.objective.isFinite, place)
        if zeros == .deadLayer, !chain.contains(where: { $0 is CoupledWeightDecay }),
          !optimizer.hasDecoupledDecay
        {
          #expect(reverse.gradient.rates[0].doubles.allSatisfy { $0 == 0 }, place)
        }

        let coarse = problem(zeros, optimizer, chain, .tensor, scalar)
        let few = try point(coarse, zeros, runs)
        let forward = ForwardHypergradient(coarse, like: runs)(runs, at: few).gradient
        let same = ReverseHypergradient(coarse, like: runs)(runs, at: few).gradient
        #expect((forward.rates + forward.scalars).allSatisfy { $0.scalar.isFinite }, place)
        if scalar == .float64 {
          // Adaptive formulas hardly depend on a clip limit: a small difference of large numbers.
          for (a, b) in zip(forward.rates + forward.scalars, same.rates + same.scalars) {
            #expect(abs(a.scalar - b.scalar) < 1e-8 * abs(b.scalar) + 1e-12, place)
          }
        }
      }
    }
  }

  /// The first step's gradients are exactly zero, or the cases above test nothing.
  @Test func gradientsAreExactlyZero() throws {
    let problem = problem(.firstStep, SGD(), [], .tensor, .float32)
    let runs = batch(problem, .firstStep)
    let weights = try point(problem, .firstStep, runs).initialWeights
    let slope = gradient(at: weights) {
      problem.task.trainingLoss(
        of: problem.template.replacingTensors($0), batch: [runs.episode.steps[0][0][0]])
    }
    #expect(slope.flatMap(\.doubles).allSatisfy { $0 == 0 })
    #expect(weights[1].doubles.allSatisfy { $0 == 0 })
  }

  /// Squares of such gradients are zero in single precision, but they have a direction.
  @Test(arguments: [1e-25, 1e-30, 1e15, 1e30])
  func directionsOfAnySizeAreNormalized(_ size: Double) throws {
    let task = PlainQuadratic(
      curvatures: [0, 0, 0, 0], start: [1, 1, 1, 1], slope: size, judgesSum: true,
      scalarType: .float32)
    for transformation in [
      GradientNormalization(), TensorNormClip(limit: 0.5 * size),
    ] as [any GradientTransformation] {
      let problem = task.problem(rate: 0.25, steps: 1, transformations: [transformation])
      let batch = problem.batch(role: .training, seed: 0, indices: 0..<1)
      let found = ReverseHypergradient(problem, like: batch)(
        batch, at: try problem.initialPoint(for: batch))
      // Each of four equal elements is half of the norm: 1, or the limit.
      let element = transformation is GradientNormalization ? 0.5 : 0.25 * size
      for value in found.gradient.rates[0].doubles { #expect(abs(value / -element - 1) < 1e-6) }
      #expect(abs(found.objective - (4 - element)) < 1e-6 * max(4, element))
      #expect(found.gradient.scalars.allSatisfy { $0.scalar.isFinite })
    }
  }
}
