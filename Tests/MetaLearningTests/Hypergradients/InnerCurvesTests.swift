import MetaLearning
import TensorPrograms
import Testing

@Suite struct InnerCurvesTests {
  /// Rates that change at every step under a schedule: a stretch must know where it begins.
  private let problem = SeparableTask.problem(
    Momentum(), rates: RateSpecification(granularity: .tensor, time: .step), steps: 7,
    objective: .mean)

  private func batchAndPoint() throws -> (EpisodeBatch, Hyperparameters) {
    let rates = try problem.initialRates(seed: 1).map { rates in
      Tensor(rates.doubles.enumerated().map { $1 - 0.1 * Double($0) }, rates.type)
    }
    return (
      problem.batch(role: .validation, seed: 3, indices: 0..<3),
      problem.hyperparameters(Learned(rates: rates))
    )
  }

  @Test("training losses, last losses and means over the steps are those of the evaluated runs")
  func agreeWithEvaluation() throws {
    let (batch, point) = try batchAndPoint()
    let expected = EvaluationFunction(problem, like: batch)(batch, at: point)
    let curves = CurveFunction(problem, like: batch, every: 1)(batch, at: point)
    #expect(curves.evaluatedSteps == Array(0...7))
    #expect(curves.trainingLosses.flatMap(\.self) == expected.trainingLosses.doubles)
    for run in 0..<3 {
      let losses = curves.evaluationLosses[run]
      #expect(abs(losses[7] - expected.losses[run]) <= 1e-12 * losses[7])
      let mean = losses.dropFirst().reduce(0, +) / 7
      #expect(abs(mean - expected.objectives[run]) <= 1e-12 * mean)
    }
    #expect(curves.end.objectives == expected.objectives && curves.end.losses == expected.losses)
    #expect(curves.end.accuracies == expected.accuracies)
  }

  @Test("evaluations further apart are some of those at every step", arguments: [2, 3, 7])
  func cadence(every: Int) throws {
    let (batch, point) = try batchAndPoint()
    let all = CurveFunction(problem, like: batch, every: 1)(batch, at: point)
    let some = CurveFunction(problem, like: batch, every: every)(batch, at: point)
    #expect(some.evaluatedSteps == [2: [0, 2, 4, 6, 7], 3: [0, 3, 6, 7], 7: [0, 7]][every])
    #expect(some.trainingLosses == all.trainingLosses)
    #expect(some.end.objectives == all.end.objectives)
    // A loss after every step is the objective's own, summed in the loop over steps; one after a
    // stretch is summed behind it.
    for (losses, every) in zip(some.evaluationLosses, all.evaluationLosses) {
      for (step, loss) in zip(some.evaluatedSteps, losses) {
        #expect(abs(loss - every[step]) <= 1e-15 * 4 * loss)
      }
    }
  }
}
