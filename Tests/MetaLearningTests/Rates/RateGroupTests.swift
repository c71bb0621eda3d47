import MetaLearning
import TensorPrograms
import Testing

/// Groups of parameters by their paths, whose rates are other than those of the rest.
@Suite("Groups of rates") struct RateGroupTests {
  private func specification(
    _ granularity: Granularity, _ groups: [RateGroup], offsets: [RateOffset] = []
  ) -> RateSpecification {
    var rates = rateSpecification(granularity, .constant, .log, 0.05)
    (rates.groups, rates.offsets) = (groups, offsets)
    return rates
  }

  @Test("a group has numbers of its own, and the first that matches is a tensor's")
  func names() {
    let groups = [
      RateGroup(match: "*/bias"), RateGroup(match: "001_*", granularity: .outputUnit),
      RateGroup(match: "*"),
    ]
    let layout = smallProblem(SGD(), rates: specification(.global, groups)).rates
    #expect(
      layout.names.map(\.description) == ["group_3/all", "group_1/all", "001_dense/weight"])
    #expect(layout.types.map(\.shape) == [.scalar, .scalar, [3]] && layout.count == 5)
    let byLayer = smallProblem(SGD(), rates: specification(.layer, Array(groups.prefix(1)))).rates
    #expect(
      byLayer.names.map(\.description)
        == ["000_dense", "group_1/000_dense", "001_dense", "group_1/001_dense"])
  }

  /// With the same numbers everywhere, groups are a restriction of rates per parameter, and so is the
  /// hypergradient.
  @Test("groups are exact restrictions of one rate a parameter")
  func restrictions() throws {
    let groups = [
      RateGroup(match: "000_*", granularity: .tensor),
      RateGroup(match: "001_dense/weight", granularity: .inputUnit),
    ]
    let problem = smallProblem(Adam(), rates: specification(.global, groups))
    let finest = smallProblem(Adam(), rates: specification(.parameter, []))
    let batch = problem.batch(role: .training, seed: 1, indices: 0..<3)
    var stream = RandomStream(seed: 2, purpose: "numbers")
    let numbers = problem.rates.types.map { type in Tensor(type) { -3 + 0.2 * stream.normal() } }
    let each = problem.rates.parameterRates(numbers).map { $0.log() }
    let estimator = problem.estimator(ReverseEstimator(), like: batch)
    let found = estimator(batch, at: problem.hyperparameters(Learned(rates: numbers)))
    let reference = finest.estimator(ReverseEstimator(), like: batch)
    let whole = reference(batch, at: finest.hyperparameters(Learned(rates: each)))
    #expect(zip(found.objectives, whole.objectives).allSatisfy { abs($0 - $1) < 1e-13 })
    let own = problem.pullback(found.gradient, at: Learned(rates: numbers)).rates
    let parts = finest.pullback(whole.gradient, at: Learned(rates: each)).rates
    let sums = [
      parts[0].sum(), parts[1].sum(), parts[2].sum(axes: [1]).reshaped(to: [6, 1]),
      parts[3].sum(),
    ]
    for (one, other) in zip(own, sums) {
      #expect(one.shape == other.shape)
      #expect(zip(one.doubles, other.doubles).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }

  @Test(
    "frozen weights stay, kept rates stay, and the rest is learned as if nothing else were there")
  func keeping() throws {
    let groups = [
      RateGroup(match: "000_dense/weight", isTrained: false),
      RateGroup(match: "*/bias", rate: 0.01, isLearned: false),
    ]
    let offsets = [RateOffset(granularity: .parameter, decay: 0.1)]
    let problem = smallProblem(
      AdamW(weightDecay: 0.1), rates: specification(.tensor, groups, offsets: offsets))
    var outer = OuterSpecification(optimizer: AdamW(weightDecay: 0.5), rate: 0.1, steps: 3)
    outer.tasks = 2
    var loop = try OuterLoop(problem, specification: outer, seed: 1)
    let start = problem.rates.parameterRates(loop.state.learned.rates)
    #expect(start[1].doubles.allSatisfy { abs($0 - 0.01) < 1e-15 })
    while !loop.isFinished { _ = try loop.step() }
    let end = problem.rates.parameterRates(loop.state.learned.rates)
    #expect(end[0].doubles.allSatisfy { $0 == 0 } && start[0].doubles.allSatisfy { $0 == 0 })
    for tensor in [1, 3] { #expect(end[tensor].doubles == start[tensor].doubles) }
    #expect(zip(end[2].doubles, start[2].doubles).allSatisfy { $0 != $1 })

    let batch = problem.batch(role: .training, seed: 1, indices: 0..<1)
    let evaluated = EvaluationFunction(problem, like: batch)(
      batch, at: problem.hyperparameters(loop.state.learned))
    let before = problem.initialWeights(role: .training, seed: 1, index: 0)
    let after = evaluated.state.weights.map { $0[0] }
    #expect(after[0].doubles == before[0].doubles)
    #expect(after[1].doubles != before[1].doubles && after[2].doubles != before[2].doubles)
  }

  @Test("learning starts where groups say")
  func starts() throws {
    let groups = [
      RateGroup(match: "000_*", factor: 0.5), RateGroup(match: "*/bias", rate: 0.2, factor: 2),
    ]
    let problem = smallProblem(SGD(), rates: specification(.layer, groups))
    let rates = problem.rates.parameterRates(try problem.initialRates(seed: 0)).map(\.doubles)
    for (tensor, expected) in [0.025, 0.025, 0.05, 0.4].enumerated() {
      #expect(rates[tensor].allSatisfy { abs($0 - expected) < 1e-14 }, "\(tensor)")
    }
  }

  @Test("groups of nothing are refused")
  func refuses() throws {
    func message(_ groups: [RateGroup]) -> String {
      let problem = smallProblem(SGD(), rates: specification(.tensor, groups))
      do {
        _ = try problem.initialRates(seed: 0)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message([RateGroup(match: "*/offset")])
        == "rates.groups[0] (\"*/offset\") matches no tensor: expected a glob over paths such as "
        + "000_dense/weight")
    #expect(
      message([RateGroup(match: "*"), RateGroup(match: "*/bias")])
        == "rates.groups[1] (\"*/bias\") matches only tensors of groups before it: put it before them"
    )
  }

  @Test("baselines leave frozen weights frozen")
  func baselines() {
    let groups = [RateGroup(match: "*/weight", isTrained: false), RateGroup(match: "*", factor: 3)]
    let problem = smallProblem(SGD(), rates: specification(.tensor, groups))
    let baseline = problem.with(RateSpecification(granularity: .global)).rates
    let rates = baseline.parameterRates([.zeros(baseline.types[0]), .zeros(baseline.types[1])])
    #expect(rates[0].doubles.allSatisfy { $0 == 0 } && rates[1].doubles.allSatisfy { $0 == 1 })
  }
}
