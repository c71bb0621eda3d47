import MetaLearning
import TensorPrograms
import Testing

@Suite struct ScoringTests {
  @Test("candidates scored together are what they are one by one")
  func equalsEvaluation() {
    let problem = SeparableTask.problem(
      Momentum(), rates: RateSpecification(granularity: .tensor, parameterization: .direct))
    let batch = problem.batch(role: .validation, seed: 3, indices: 0..<3)
    let candidates = [0.01, 0.05, 0.1, 0.2, 0.3].map { rate in
      problem.rates.types.indices.map {
        Tensor(repeating: rate * Double(1 + $0), problem.rates.types[$0])
      }
    }
    let point = problem.hyperparameters(Learned(rates: candidates[0]))
    let scoring = ScoringFunction(problem, like: batch, candidates.count)
    let evaluate = EvaluationFunction(problem, like: batch)
    let found = scoring(batch, at: point, rates: candidates)
    #expect(found.count == candidates.count)
    for (objectives, rates) in zip(found, candidates) {
      let expected = evaluate(batch, at: problem.hyperparameters(Learned(rates: rates))).objectives
      #expect(objectives.count == 3)
      for (a, b) in zip(objectives, expected) { #expect(abs(a - b) <= 1e-12 * abs(b)) }
    }
  }
}
