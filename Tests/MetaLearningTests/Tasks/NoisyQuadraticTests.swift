import Foundation
import MetaLearning
import TensorPrograms
import Testing

/// The instance of the published table: ten curvatures from 0.01 to 1, σ² = A₀ = 1, 100 steps.
private let sampled = NoisyQuadraticTask(
  dimensions: 10, lowest: 0.01, highest: 1, noise: 1, scalarType: .float64)
private let theory = sampled.theory

private func quadratic<Task: LearningTask>(
  _ task: Task, _ rates: RateSpecification, schedule: any Schedule = ConstantSchedule()
) -> InnerProblem<Task> {
  var stream = RandomStream(seed: 0, purpose: "template")
  return InnerProblem(
    task: task, template: task.initialParameters(from: &stream),
    specification: InnerSpecification(steps: 100, batch: 1, schedule: schedule), rates: rates)
}

private func learned<Task: LearningTask>(
  _ problem: InnerProblem<Task>, tasks: Int
) throws -> [Tensor] {
  let specification = OuterSpecification(
    rate: 0.1, schedule: CosineSchedule(final: 0.01), steps: 500, tasks: tasks,
    validation: ValidationSpecification(every: 0))
  var loop = try OuterLoop(problem, specification: specification, seed: 3)
  for _ in 0..<specification.steps { _ = try loop.step() }
  return loop.state.learned.rates
}

/// The final loss that unconstrained rates have on average.
private func expectedLoss(_ rates: RateSpecification, _ unconstrained: [Tensor]) -> Double {
  let problem = quadratic(ExpectedQuadraticTask(of: sampled), rates)
  let batch = problem.batch(role: .test, seed: 0, indices: 0..<1)
  return EvaluationFunction(problem, like: batch)(
    batch, at: problem.point(unconstrained, for: batch)
  ).objective
}

@Suite("Noisy quadratic") struct NoisyQuadraticTests {
  @Test("closed forms give the published table")
  func table() {
    #expect(abs(0.5 * sampled.curvatures.reduce(0, +) - 1.2409) < 5e-5)
    let shared = theory.bestShared(steps: 100)
    #expect(abs(shared.loss - 0.0821) < 5e-5 && abs(shared.rate - 0.106) < 5e-4)
    #expect(abs(theory.greedyShared(steps: 100) - 0.0757) < 5e-5)
    #expect(abs(theory.bestPerParameter(steps: 100).loss - 0.0216) < 5e-5)
    #expect(abs(theory.bestPerStep(steps: 100) - 0.012286) < 5e-7)
    // Where a rate is best, its neighbors are no better.
    let (product, _) = theory.bestPerParameter(steps: 100)
    for factor in [0.99, 1.01] {
      #expect(
        theory.moment(product: factor * product, steps: 100)
          > theory.moment(product: product, steps: 100))
      #expect(theory.loss(rate: factor * shared.rate, steps: 100) > shared.loss)
    }
  }

  @Test("the expected step is the closed form, and the greedy rates of each step the best")
  func expectation() {
    for rate in [0.01, 0.106, 0.5] {
      let rates = rateSpecification(.global, .constant, .direct, rate)
      let found = expectedLoss(rates, [Tensor([rate], shape: [])])
      #expect(abs(found - theory.loss(rate: rate, steps: 100)) < 1e-14)
    }
    let best = (0..<100).flatMap { t in sampled.curvatures.map { 1 / ($0 * Double(t + 2)) } }
    let found = expectedLoss(
      rateSpecification(.parameter, .step, .direct), [Tensor(best, shape: [100, 10])])
    #expect(abs(found - theory.bestPerStep(steps: 100)) < 1e-14)
  }

  @Test("one trace a parameter is exact, as coordinates do not act on one another")
  func diagonalForwardIsExact() throws {
    let problem = quadratic(
      ExpectedQuadraticTask(of: sampled), rateSpecification(), schedule: CosineSchedule(final: 0.1))
    let batch = problem.batch(role: .training, seed: 0, indices: 0..<1)
    let point = try problem.initialPoint(for: batch)
    let exact = ReverseHypergradient(problem, like: batch)(batch, at: point).gradient.rates
    let diagonal = DiagonalForwardHypergradient(problem, like: batch, decay: 1)(batch, at: point)
    #expect(difference(diagonal.gradient.rates, exact) < 1e-12)
    let evaluate = EvaluationFunction(problem, like: batch)
    func objective(_ change: Double) -> Double {
      evaluate(batch, at: problem.point([point.rates[0] + change], for: batch)).objective
    }
    let slope = (objective(1e-6) - objective(-1e-6)) / 2e-6
    #expect(abs(slope - exact[0].sum().scalar) < 1e-8 * abs(slope))
  }

  @Test(
    "learned rates reach the best of their kind within 1 %",
    arguments: [
      (Granularity.global, RateTime.constant, theory.bestShared(steps: 100).loss),
      (.parameter, .constant, theory.bestPerParameter(steps: 100).loss),
      (.parameter, .step, theory.bestPerStep(steps: 100)),
    ])
  func reachesOptimum(_ granularity: Granularity, _ time: RateTime, _ best: Double) throws {
    let rates = rateSpecification(granularity, time, .log, 0.1)
    let problem = quadratic(ExpectedQuadraticTask(of: sampled), rates)
    let unconstrained = try learned(problem, tasks: 1)
    let found = expectedLoss(rates, unconstrained)
    print("\(granularity) \(time): \(found), best \(best), ratio \(found / best)")
    #expect(found >= best * (1 - 1e-12) && found < 1.01 * best)
    if time == .constant, granularity == .parameter {
      let product = theory.bestPerParameter(steps: 100).product
      for (rate, h) in zip(problem.rates.effective(unconstrained)[0].doubles, sampled.curvatures) {
        #expect(abs(rate * h - product) < 0.02 * product)
      }
    }
  }

  @Test("rates learned from sampled noise reach the best on average")
  func learnsFromSamples() throws {
    let rates = rateSpecification(.parameter, .constant, .log, 0.1)
    let unconstrained = try learned(quadratic(sampled, rates), tasks: 32)
    let found = expectedLoss(rates, unconstrained)
    let best = theory.bestPerParameter(steps: 100).loss
    print("learned from samples: expected loss \(found), best \(best), ratio \(found / best)")
    #expect(found < 1.03 * best)
  }

  @Test("sampled runs at the best rates come to the closed forms within sampling error")
  func samplesAgree() {
    let product = theory.bestPerParameter(steps: 100).product
    let constant = Tensor(sampled.curvatures.map { product / $0 })
    let perStep = Tensor(
      (0..<100).flatMap { t in sampled.curvatures.map { 1 / ($0 * Double(t + 2)) } },
      shape: [100, 10])
    for (time, unconstrained, best) in [
      (RateTime.constant, constant, theory.bestPerParameter(steps: 100).loss),
      (.step, perStep, theory.bestPerStep(steps: 100)),
    ] {
      let problem = quadratic(sampled, rateSpecification(.parameter, time, .direct))
      let first = problem.batch(role: .test, seed: 5, indices: 0..<2000)
      let evaluate = EvaluationFunction(problem, like: first)
      let losses = (0..<4).flatMap { part in
        evaluate(
          problem.batch(role: .test, seed: 5, indices: part * 2000..<(part + 1) * 2000),
          at: problem.point([unconstrained], for: first)
        ).losses
      }
      let (mean, error) = meanAndError(losses)
      print("sampled, \(time): \(mean) ± \(error), closed form \(best)")
      #expect(abs(mean - best) < 4 * error && error < 0.012 * best)
    }
  }
}

/// The mean of independent values and its standard error.
func meanAndError(_ values: [Double]) -> (mean: Double, error: Double) {
  let count = Double(values.count)
  let mean = values.reduce(0, +) / count
  let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
  return (mean, (variance / count).squareRoot())
}
