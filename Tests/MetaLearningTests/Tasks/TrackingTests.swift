import Foundation
import MetaLearning
import TensorPrograms
import Testing

private let task = TrackingTask(inputs: 20, relevant: 5, interval: 20, scalarType: .float64)
private let theory = task.theory

private func tracking(
  steps: Int, online: OnlineSpecification? = nil, rates: RateSpecification = rateSpecification(),
  objective: ObjectiveSpecification = .training
) -> InnerProblem<TrackingTask> {
  var stream = RandomStream(seed: 0, purpose: "template")
  return InnerProblem(
    task: task, template: task.initialParameters(from: &stream),
    specification: InnerSpecification(steps: steps, batch: 1, online: online), rates: rates,
    objective: objective)
}

/// The mean squared error of each of some runs after `burnIn` steps.
///
/// - Parameter rates: one an input; half of Sutton's α.
private func trackingErrors(
  _ rates: [Double], online: OnlineSpecification? = nil, runs: UInt64, burnIn: Int, measured: Int
) -> [Double] {
  let problem = tracking(steps: burnIn + measured, online: online)
  let batch = problem.batch(role: .test, seed: 11, indices: 0..<runs)
  let losses = EvaluationFunction(problem, like: batch)(
    batch, at: problem.point([Tensor(rates)], for: batch)
  ).trainingLosses
  return (0..<Int(runs)).map { run in
    losses[run].slice(burnIn..<burnIn + measured).mean().scalar
  }
}

@Suite("Tracking") struct TrackingTests {
  private static let uniform = [Double](repeating: theory.best(for: 20).rate, count: 20)

  @Test("closed forms give the published optima, at half of Sutton's α")
  func closedForms() {
    let (uniform, oracle) = (theory.best(for: 20), theory.best(for: 5))
    #expect(abs(uniform.error - 3.353) < 5e-4 && abs(2 * uniform.rate - 0.034) < 5e-4)
    #expect(abs(oracle.error - 1.372) < 5e-4 && abs(2 * oracle.rate - 0.1375) < 5e-4)
    #expect(theory.error(rate: 1.0 / 22, for: 20) == .infinity)
    let problem = tracking(steps: 1)
    #expect(task.references(problem.specification, objective: .final).isEmpty)
    #expect(
      task.references(problem.specification, objective: .training).map(\.value)
        == [uniform.error, oracle.error])
  }

  @Test("simulation agrees with the closed forms within 2 %")
  func simulation() {
    let oracle = theory.best(for: 5)
    let cases = [
      (TrackingTests.uniform, theory.best(for: 20).error),
      ((0..<20).map { $0 < 5 ? oracle.rate : 0 }, oracle.error),
      ([Double](repeating: 0.025, count: 20), theory.error(rate: 0.025, for: 20)),
    ]
    for (rates, expected) in cases {
      let (mean, error) = meanAndError(
        trackingErrors(rates, runs: 16, burnIn: 1000, measured: 9000))
      print("tracking at fixed rates: \(mean) ± \(error), closed form \(expected)")
      #expect(abs(mean - expected) < 0.02 * expected && error < 0.01 * expected)
    }
  }

  @Test("one step is w + 2·rate·δ·x")
  func step() {
    let problem = tracking(steps: 1)
    let batch = problem.batch(role: .training, seed: 2, indices: 0..<1)
    let (x, y) = (batch.episode.steps[0][0][0], batch.episode.steps[1][0][0].scalar)
    let rates = [Tensor([Double](repeating: 0.05, count: 20))]
    let found = EvaluationFunction(problem, like: batch)(
      batch, at: problem.point(rates, for: batch))
    #expect(found.trainingLosses.doubles == [y * y])
    #expect(difference([found.state.weights[0][0]], [0.1 * y * x]) < 1e-15)
  }

  @Test("a window that starts late goes on with the same stream")
  func windows() {
    let stream = RandomStream(seed: 3, purpose: "run", index: 4)
    func episode(_ range: Range<Int>) -> Episode {
      task.episode(
        EpisodeRequest(
          role: .training, steps: range.count, batch: 1, start: range.lowerBound, stream: stream))
    }
    let whole = episode(0..<130)
    for cut in [1, 20, 37, 60, 100] {
      let (first, second) = (episode(0..<cut), episode(cut..<130))
      for part in [0, 1] {
        #expect(first.steps[part].doubles == whole.steps[part].slice(0..<cut).doubles)
        #expect(second.steps[part].doubles == whole.steps[part].slice(cut..<130).doubles)
      }
      #expect(second.evaluation[0].doubles == whole.evaluation[0].doubles)
    }
    // The target is the signs' product with the inputs, and one sign flips every 20 steps.
    var signs = episode(0..<1).evaluation[0].doubles
    var flips = 0
    for step in 1..<130 {
      let now = episode(step - 1..<step).evaluation[0].doubles
      #expect(now.prefix(5).allSatisfy { abs($0) == 1 } && now.dropFirst(5).allSatisfy { $0 == 0 })
      let changed = zip(signs, now).filter { $0 != $1 }.count
      #expect(changed == (step % 20 == 0 ? 1 : 0))
      (signs, flips) = (now, flips + changed)
      let x = whole.steps[0][step].doubles
      let y = zip(x, now).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(y - whole.steps[1].doubles[step]) < 1e-12)
    }
    #expect(flips == 6)
    let clock = ContinuousClock()
    #expect(clock.measure { _ = episode(100_000..<100_020) } < .milliseconds(50))
  }

  @Test("IDBD finds the inputs that matter", arguments: [0.01, 0.02])
  func idbd(metaRate: Double) {
    let errors = trackingErrors(
      [Double](repeating: 0.025, count: 20), online: OnlineSpecification(.idbd, metaRate: metaRate),
      runs: 8, burnIn: 20_000, measured: 10_000
    ).sorted()
    let (mean, error) = meanAndError(errors)
    let median = (errors[3] + errors[4]) / 2
    print("IDBD at meta-rate \(metaRate): \(mean) ± \(error), median \(median), \(errors)")
    #expect(median < 1.6)
    // At the greater meta-rate a run in five or so bursts once in 10 000 steps and recovers.
    #expect(metaRate > 0.01 || mean < 1.6)
  }

  @Test("rates that adapt by one-step hypergradients track better than any shared rate")
  func onlineRules() {
    for online in [
      OnlineSpecification(.additive, metaRate: 1e-5),
      OnlineSpecification(.multiplicative, metaRate: 1e-2),
    ] {
      let (mean, error) = meanAndError(
        trackingErrors(
          TrackingTests.uniform, online: online, runs: 4, burnIn: 20_000, measured: 10_000))
      print("\(online.rule) at meta-rate \(online.metaRate): \(mean) ± \(error)")
      #expect(mean + 3 * error < theory.best(for: 20).error)
    }
  }

  @Test("adapting rates say how far they moved, and go on from there")
  func moves() throws {
    for rule in OnlineSpecification.Rule.allCases {
      let online = OnlineSpecification(rule, metaRate: rule == .additive ? 1e-5 : 0.02)
      let problem = tracking(steps: 30, online: online)
      let batch = problem.batch(role: .training, seed: 2, indices: 0..<1)
      let point = problem.point([Tensor([Double](repeating: 0.02, count: 20))], for: batch)
      let result = EvaluationFunction(problem, like: batch)(batch, at: point)
      let names = result.state.names(weights: problem.parameters.paths, model: [])
        .map(\.description)
      let place = try #require(names.firstIndex(of: "rate_moves/000_linear/weight"))
      #expect(result.state.tensors.count == names.count)
      let moves = result.state.adaptation["rate_moves"][0].doubles
      #expect(result.state.tensors[place].doubles == moves)
      #expect(moves.contains { $0 != 0 } && moves.allSatisfy { $0.isFinite && $0 > -0.02 })

      // From the rates that it got to, with no moves, the run goes on as it would have.
      let adapted = try #require(
        problem.step.adaptedRates(point.rates, result.state.mapTensors { $0[0] }))
      let whole = tracking(steps: 60, online: online)
      let all = whole.batch(role: .training, seed: 2, indices: 0..<1)
      let expected = EvaluationFunction(whole, like: all)(all, at: point)
      let rest = problem.batch(role: .training, seed: 2, indices: 0..<1, start: 30)
      let second = EpisodeBatch(
        start: .state(adapted.state.mapTensors { $0.repeated(1) }), episode: rest.episode)
      let found = EvaluationFunction(problem, like: second)(
        second, at: problem.point(adapted.rates, for: second))
      #expect(difference(found.state.weights, expected.state.weights) < 1e-12)
      #expect(abs(found.losses[0] - expected.losses[0]) < 1e-12)
    }
  }

  @Test("rates learned through windows of streams that go on come near the best fixed ones")
  func learnsThroughWindows() throws {
    let problem = tracking(steps: 100, rates: rateSpecification(.parameter, .constant, .log, 0.017))
    let specification = OuterSpecification(
      rate: 0.1, schedule: CosineSchedule(final: 0.02), steps: 400, tasks: 8,
      cadence: .carried(windows: nil), validation: ValidationSpecification(every: 0))
    var loop = try OuterLoop(problem, specification: specification, seed: 1)
    while !loop.isFinished { _ = try loop.step() }
    let rates = problem.rates.effective(loop.state.learned.rates)[0].doubles
    let (mean, error) = meanAndError(
      trackingErrors(rates, runs: 16, burnIn: 1000, measured: 9000))
    let best = theory.best(for: 5)
    print("learned through windows: \(mean) ± \(error), ratio \(mean / best.error), \(rates)")
    #expect(mean < 1.05 * best.error)
    #expect(rates.prefix(5).allSatisfy { abs($0 - best.rate) < 0.15 * best.rate })
    #expect(rates.dropFirst(5).allSatisfy { $0 < 0.05 * best.rate })
  }

  @Test("runs with adapting rates are differentiated exactly")
  func hypergradients() throws {
    for rule in OnlineSpecification.Rule.allCases {
      for objective in [ObjectiveSpecification.training, .final] {
        let online = OnlineSpecification(rule, metaRate: rule == .additive ? 1e-4 : 0.05)
        let problem = tracking(steps: 60, online: online, objective: objective)
        let batch = problem.batch(role: .training, seed: 7, indices: 0..<2)
        var stream = RandomStream(seed: 1, purpose: "point")
        let rates = Tensor((0..<20).map { _ in stream.uniform(0.01, 0.04) })
        let point = problem.point([rates], for: batch)
        let direction = Tensor((0..<20).map { _ in stream.normal() })
        let exact = ReverseHypergradient(problem, like: batch)(batch, at: point).gradient
        let evaluate = EvaluationFunction(problem, like: batch)
        func check(_ found: Double, _ size: Double, _ objective: (Double) -> Double) {
          func slope(_ h: Double) -> Double { (objective(h) - objective(-h)) / (2 * h) }
          let expected = (4 * slope(size) - slope(2 * size)) / 3
          #expect(abs(found - expected) < 1e-6 * abs(expected), "\(rule): \(found), \(expected)")
          #expect(found != 0)
        }
        check((exact.rates[0] * direction).sum().scalar, 1e-6) { h in
          evaluate(batch, at: problem.point([rates + h * direction], for: batch)).objective
        }
        check(exact.scalars.last!.scalar, 1e-3 * online.metaRate) { h in
          var moved = point
          moved.scalars = [point.scalars.last! + h]
          return evaluate(batch, at: moved).objective
        }
      }
    }
  }
}
