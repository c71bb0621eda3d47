import Foundation
import MetaLearning
import TensorPrograms
import Testing

@Suite("What parameters show along a run") struct ParameterProbeTests {
  @Test("the Hessian's diagonal, gradients and weights of weights that do not act on one another")
  func separable() throws {
    let problem = SeparableTask.problem(
      SGD(), rates: rateSpecification(.parameter, .constant, .direct, 0.2))
    let run = problem.batch(role: .validation, seed: 2, indices: 0..<1)
    let probe = ParameterProbe(problem, run: run)
    #expect(probe.probes == nil && probe.inputVariance == nil)
    let point = problem.hyperparameters(Learned(rates: try problem.initialRates(seed: 2)))
    // By hand: θ ← θ − rate · multiplier · (h (θ − ξ) + c θ³).
    var weights = run.initialWeights(ofRun: 0).map(\.doubles)
    let curvatures = problem.task.dataset.map(\.doubles)
    let targets = run.episode.steps.map { $0[0] }
    for step in 0...4 {
      if step == 0 || step == 4 {
        let found = probe(after: step, at: point)
        for tensor in weights.indices {
          for (place, weight) in weights[tensor].enumerated() {
            let curvature = curvatures[tensor][place]
            let expected = curvature + 3 * SeparableTask.quartic * weight * weight
            #expect(abs(found.curvature[tensor].doubles[place] - expected) < 1e-12)
            #expect(abs(found.weights[tensor].doubles[place] - weight) < 1e-12)
            let gradients = (0..<6).map { row in
              curvature * (weight - targets[tensor][row].doubles[place])
                + SeparableTask.quartic * pow(weight, 3)
            }
            let mean = gradients.reduce(0, +) / 6
            let square = gradients.reduce(0) { $0 + $1 * $1 } / 6
            #expect(abs(found.gradientMeanSquare[tensor].doubles[place] - square) < 1e-12)
            #expect(
              abs(found.gradientVariance[tensor].doubles[place] - (square - mean * mean)) < 1e-12)
          }
        }
      }
      let multiplier = problem.specification.schedule.multiplier(at: step, of: 6)
      for tensor in weights.indices {
        let target = targets[tensor][step].doubles
        for place in weights[tensor].indices {
          let weight = weights[tensor][place]
          let gradient =
            curvatures[tensor][place] * (weight - target[place])
            + SeparableTask.quartic * pow(weight, 3)
          weights[tensor][place] = weight - 0.2 * multiplier * gradient
        }
      }
    }
  }

  @Test("random signs give a diagonal Hessian exactly")
  func randomSigns() throws {
    let count = 1100
    let task = PlainQuadratic(
      curvatures: (0..<count).map { 0.5 + Double($0) / Double(count) },
      start: [Double](repeating: 1, count: count))
    let problem = task.problem(rate: 0.1, steps: 3)
    let run = problem.batch(role: .validation, seed: 2, indices: 0..<1)
    let probe = ParameterProbe(problem, run: run)
    #expect(probe.probes == ParameterProbe<PlainQuadratic>.mostProbes)
    let found = probe(
      after: 3, at: problem.hyperparameters(Learned(rates: try problem.initialRates(seed: 2))))
    #expect(difference(found.curvature, [task.dataset[0]]) < 1e-12)
    #expect(found.gradientVariance[0].doubles.allSatisfy { $0 < 1e-20 })
    // The greatest of rate · curvature.
    #expect(abs(found.sharpness - 0.1 * (0.5 + 1099 / 1100)) < 5e-3)
  }

  @Test("a network's diagonal is that of finite differences, and inputs vary as the rows do")
  func network() throws {
    let problem = smallProblem(Momentum(), rates: rateSpecification())
    let run = problem.batch(role: .validation, seed: 3, indices: 0..<1)
    let probe = ParameterProbe(problem, run: run)
    let point = problem.hyperparameters(Learned(rates: try problem.initialRates(seed: 3)))
    let found = probe(after: 0, at: point)
    let weights = run.initialWeights(ofRun: 0)
    let rows = run.episode.steps[0][0]
    func loss(_ weights: [Tensor]) -> Double {
      let losses = (0..<7).map { row in
        problem.task.trainingLoss(
          of: problem.template.replacingTensors(weights), batch: [rows[row]]
        ).scalar
      }
      return losses.reduce(0, +) / 7
    }
    for (tensor, place) in [(0, 7), (1, 2), (2, 11), (3, 0)] {
      func moved(_ by: Double) -> Double {
        var values = weights[tensor].doubles
        values[place] += by
        var all = weights
        all[tensor] = Tensor(values, weights[tensor].type)
        return loss(all)
      }
      let expected = (moved(1e-4) - 2 * moved(0) + moved(-1e-4)) / 1e-8
      #expect(abs(found.curvature[tensor].doubles[place] - expected) < 1e-6)
    }
    let inputs = rows.doubles.map { problem.task.dataset[0][Int($0)].doubles }
    for (feature, variance) in try #require(probe.inputVariance).enumerated() {
      let values = inputs.map { $0[feature] }
      let mean = values.reduce(0, +) / Double(values.count)
      let expected = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      #expect(abs(variance - expected) < 1e-12)
    }
  }
}
