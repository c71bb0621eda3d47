import MetaLearning
import TensorPrograms
import Testing

@Suite("Teacher") struct TeacherTests {
  private func task(
    inputs: Int = 4, hidden: [Int] = [6], teacherHidden: [Int]? = nil, noise: Double = 0,
    teacher: Teacher = .fresh
  ) -> TeacherTask<MultilayerPerceptron> {
    TeacherTask(
      inputs: inputs, outputs: 2, hidden: hidden, teacherHidden: teacherHidden, activation: .tanh,
      noise: noise, query: 30, teacher: teacher, scalarType: .float64)
  }

  private func episode(
    _ task: TeacherTask<MultilayerPerceptron>, run: UInt64 = 0, steps: Int = 5, start: Int = 0
  ) -> Episode {
    task.episode(
      EpisodeRequest(
        role: .training, steps: steps, batch: 3, start: start,
        stream: RandomStream(seed: 1, purpose: "run", index: run)))
  }

  /// What a linear teacher of one input multiplies it by, for each output.
  private func slopes(_ task: TeacherTask<MultilayerPerceptron>, run: UInt64) -> [[Double]] {
    let episode = episode(task, run: run)
    return [
      (episode.steps[0][0], episode.steps[1][0]), (episode.steps[0][4], episode.steps[1][4]),
      (episode.evaluation[0], episode.evaluation[1]),
    ].map { x, y in (y / x)[0].doubles }
  }

  @Test("a run has one teacher, and all runs the same one where it is fixed")
  func teachers() {
    func same(_ a: [Double], _ b: [Double]) -> Bool {
      zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }
    }
    for teacher in [Teacher.fresh, .fixed(seed: 3)] {
      let linear = task(inputs: 1, teacherHidden: [], teacher: teacher)
      let (first, second) = (slopes(linear, run: 0), slopes(linear, run: 1))
      #expect(same(first[0], first[1]) && same(first[0], first[2]))
      #expect(same(first[0], second[0]) == (teacher != .fresh))
    }
    let others = [3, 4].map {
      slopes(task(inputs: 1, teacherHidden: [], teacher: .fixed(seed: $0)), run: 0)
    }
    #expect(!same(others[0][0], others[1][0]))
  }

  @Test("runs see examples of their own, windows those that follow, and judges no noise")
  func examples() {
    let noisy = task(noise: 0.5)
    let whole = episode(noisy)
    #expect(whole.steps.map(\.shape) == [[5, 3, 4], [5, 3, 2]])
    #expect(whole.evaluation.map(\.shape) == [[30, 4], [30, 2]])
    let rest = episode(noisy, steps: 2, start: 3)
    for part in [0, 1] {
      #expect(rest.steps[part].doubles == whole.steps[part].slice(3..<5).doubles)
      #expect(rest.evaluation[part].doubles == whole.evaluation[part].doubles)
      #expect(episode(noisy, run: 1).steps[part].doubles != whole.steps[part].doubles)
    }
    let quiet = episode(task())
    #expect(quiet.steps[0][0].doubles == whole.steps[0][0].doubles)
    #expect(quiet.steps[1][0].doubles != whole.steps[1][0].doubles)
    #expect(quiet.evaluation[1].doubles == whole.evaluation[1].doubles)
  }

  @Test("rates are learned for it")
  func learns() throws {
    let task = task(hidden: [8], teacherHidden: [3], noise: 0.1)
    var stream = RandomStream(seed: 0, purpose: "template")
    let problem = InnerProblem(
      task: task, template: task.initialParameters(from: &stream),
      specification: InnerSpecification(steps: 20, batch: 8),
      rates: rateSpecification(.parameter, .constant, .log, 0.05))
    var loop = try OuterLoop(
      problem, specification: OuterSpecification(rate: 0.1, steps: 30), seed: 1)
    let before = loop.validate(loop.state).objective
    for _ in 0..<30 { _ = try loop.step() }
    #expect(loop.validate(loop.state).objective < 0.8 * before)
  }
}
