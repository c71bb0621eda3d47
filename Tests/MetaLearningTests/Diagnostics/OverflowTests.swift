import MetaLearning
import TensorPrograms
import Testing

/// What overflows is named: the outer step, the run, the inner step, the tensor.
@Suite struct OverflowTests {
  private func error(
    _ problem: InnerProblem<PlainQuadratic>, tasks: Int = 2, cadence: Cadence = .restarted
  ) throws -> NonFiniteError {
    var loop = try OuterLoop(
      problem, specification: OuterSpecification(steps: 5, tasks: tasks, cadence: cadence), seed: 9)
    let before = loop.state
    let error = #expect(throws: NonFiniteError.self) { try loop.step() }
    #expect(loop.state.step == before.step)
    #expect(loop.state.learned.tensors.map(\.doubles) == before.learned.tensors.map(\.doubles))
    return try #require(error)
  }

  private let task = PlainQuadratic(
    curvatures: [1, 1], start: [1, 1], judgesSum: true, scalarType: .float32)

  /// θ is multiplied by about −10¹³ each step, so that ½θ² overflows before step 3, θ after it.
  @Test func theFirstTensorOfTheFirstStepIsNamed() throws {
    let error = try error(task.problem(rate: 1e13, steps: 9))
    #expect(error.step == 1 && error.innerStep == 3)
    #expect(error.place == "inner step 3 of run 0: the training loss")
    #expect(error.value == .infinity)
    #expect(
      "\(error)".hasPrefix("outer step 1: inner step 3 of run 0: the training loss is inf: lower "))
  }

  /// Velocity grows beyond what single precision holds before any weight or loss does.
  @Test func statesAreNamed() throws {
    var steep = task
    (steep.curvatures, steep.start, steep.slope) = ([0], [1.2], 2e38)
    let problem = steep.problem(
      Momentum(momentum: 0.9), rate: 1.2e-38, steps: 4)
    let error = try error(problem)
    #expect(error.place == "inner step 2 of run 0: velocity/000_quadratic/weight")
  }

  /// A hypergradient is finite, its square is not.
  @Test func whatTheOuterOptimizerRemembersIsNamed() throws {
    let steep = PlainQuadratic(
      curvatures: [0], start: [1], slope: 1e25, judgesSum: true, scalarType: .float32)
    let error = try error(steep.problem(rate: 1e-25, steps: 1))
    #expect(error.place == "second_moment of the outer optimizer" && error.value == .infinity)
    #expect("\(error)".contains("outer.clip"))
  }

  /// Whatever a run is paid for is finite, but not the weights that its last step leaves.
  @Test func runsThatCannotGoOnAreNamed() throws {
    let steep = PlainQuadratic(
      curvatures: [0], start: [1], slope: 3e38, judgesSum: true, scalarType: .float32)
    let problem = steep.problem(rate: 10, steps: 1, objective: .training)
    let error = try error(problem, cadence: .carried(windows: nil))
    #expect(error.place == "000_quadratic/weight of runs that go on")
  }

  /// Losses are finite, but derivatives with respect to early weights and rates are not.
  @Test func hypergradientsAreFollowedBack() throws {
    var tiny = PlainQuadratic(curvatures: [1, 1], start: [1e-30, 1e-30], scalarType: .float32)
    tiny.judgesSum = true
    let error = try error(tiny.problem(rate: 1e8, steps: 6))
    #expect(error.place == "the hypergradient of rates at 000_quadratic/weight")
    #expect(error.cause?.contains("run 0") == true)
    #expect(error.innerStep == 2, "\(error)")
  }
}
