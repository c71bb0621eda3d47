import Foundation
import MetaLearning
import TensorPrograms

/// A workload that other frameworks run as well, with the same inputs; one process measures one.
package enum Benchmark: String, Sendable, CaseIterable {
  /// One hypergradient of the validation loss after 1000 steps of momentum on the digits.
  case longHorizon = "long-horizon"
  /// One meta-iteration of Meta-SGD on 25 sinusoids, one inner step.
  case sinusoid1 = "sinusoid-1"
  /// The same with five inner steps.
  case sinusoid5 = "sinusoid-5"

  /// What `--variant` may be.
  package var variants: [String] {
    switch self {
    case .longHorizon: ["storeAll", "everyStep", "segments", "binomial", "plain"]
    case .sinusoid1, .sinusoid5: []
    }
  }

  /// The memory policies of the long horizon; `binomial` keeps 64 states.
  private static let policies: [String: MemorySpecification] = [
    "storeAll": .storeAll, "everyStep": .everyStep, "segments": .segments,
    "binomial": .binomial(snapshots: 64),
  ]

  /// Measures the workload.
  package func measure(variant: String, inputs: String?) throws -> BenchmarkResult {
    let idle = Memory.peakMegabytes
    let run: BenchmarkRun =
      switch self {
      case .longHorizon: try longHorizon(variant, inputs)
      case .sinusoid1: try sinusoid(steps: 1, inputs)
      case .sinusoid5: try sinusoid(steps: 5, inputs)
      }
    return BenchmarkResult(
      workload: rawValue, variant: variant, seconds: Timing.median(run.unit),
      firstSeconds: run.preparation, peakMegabytes: Memory.peakMegabytes,
      idleMegabytes: idle, loss: run.loss, initialNorm: run.initialNorm, ratesNorm: run.ratesNorm)
  }

  private func longHorizon(_ variant: String, _ file: String?) throws -> BenchmarkRun {
    let inputs =
      try file.map { try BenchmarkInputs(file: $0, group: "long-horizon") }
      ?? GeneratedInputs.longHorizon()
    let network = try inputs.perceptron(.tanh)
    let task = BenchmarkTask(
      network: network, loss: .crossEntropy, source: .indices,
      dataset: [
        try inputs.tensor("train/inputs"), try inputs.tensor("train/targets"),
        try inputs.tensor("validation/inputs"), try inputs.tensor("validation/targets"),
      ])
    let index = try inputs.tensor("index")
    let batch = EpisodeBatch(
      initial: network.tensors, hasOwnInitial: false,
      steps: [index.reshaped(to: Shape([1] + index.shape.extents))], evaluation: [])
    let problem = InnerProblem(
      task: task, template: network,
      specification: InnerSpecification(
        optimizer: OptimizerSpecification(.momentum), steps: index.shape[0],
        batch: index.shape[1]),
      rates: RateSpecification(parameterization: .direct),
      memory: Benchmark.policies[variant] ?? .storeAll)
    let raw = try inputs.rates(network.paths)
    let start = Timing.now
    if variant == "plain" {
      let evaluate = EvaluationFunction(problem, like: batch)
      let unit = { evaluate(batch, raw: raw, scalars: problem.scalars) }
      let found = unit()
      return BenchmarkRun(
        preparation: Timing.now - start, loss: found.objective, initialNorm: nil, ratesNorm: nil,
        unit: { _ = unit() })
    }
    let hypergradient = ReverseHypergradient(
      problem, like: batch, targets: [.rates, .initialWeights])
    let unit = { hypergradient(batch, raw: raw, scalars: problem.scalars) }
    let found = unit()
    return BenchmarkRun(
      preparation: Timing.now - start, loss: found.objective,
      initialNorm: globalNorm(found.initial), ratesNorm: globalNorm(found.rates),
      unit: { _ = unit() })
  }

  private func sinusoid(steps: Int, _ file: String?) throws -> BenchmarkRun {
    let inputs =
      try file.map { try BenchmarkInputs(file: $0, group: "sinusoid") }
      ?? GeneratedInputs.sinusoid()
    let network = try inputs.perceptron(.relu)
    let task = BenchmarkTask(
      network: network, loss: .meanSquaredError, source: .slices, dataset: [])
    func repeated(_ tensor: Tensor) -> Tensor {
      // [tasks, points, 1] becomes [tasks, steps, points, 1].
      tensor.broadcast(
        to: Shape([tensor.shape[0], steps] + tensor.shape.extents.dropFirst()),
        axes: [0, 2, 3])
    }
    let batch = EpisodeBatch(
      initial: network.tensors, hasOwnInitial: false,
      steps: [
        repeated(try inputs.tensor("support/inputs")),
        repeated(try inputs.tensor("support/targets")),
      ],
      evaluation: [try inputs.tensor("query/inputs"), try inputs.tensor("query/targets")])
    let problem = InnerProblem(
      task: task, template: network,
      specification: InnerSpecification(
        steps: steps, batch: batch.evaluation[0].shape[1]),
      rates: RateSpecification(parameterization: .direct))
    let raw = try inputs.rates(network.paths)
    let start = Timing.now
    let hypergradient = ReverseHypergradient(
      problem, like: batch, targets: [.rates, .initialWeights])
    let outer = OuterSpecification(rate: 1e-3, learn: [.rates, .initialWeights])
    let update = OuterUpdate(outer, (raw + batch.initial).map(\.type))
    var state = (parameters: raw + batch.initial, optimizer: update.initialState, step: 0)
    let unit = {
      var current = batch
      current.initial = Array(state.parameters.dropFirst(raw.count))
      let found = hypergradient(
        current, raw: Array(state.parameters.prefix(raw.count)), scalars: [])
      (state.parameters, state.optimizer) = update(
        state.parameters, found.rates + found.initial, state.optimizer, step: state.step)
      state.step += 1
    }
    let found = hypergradient(batch, raw: raw, scalars: [])
    unit()
    return BenchmarkRun(
      preparation: Timing.now - start, loss: found.objective,
      initialNorm: globalNorm(found.initial), ratesNorm: globalNorm(found.rates), unit: unit)
  }
}

/// A workload ready to be timed.
struct BenchmarkRun {
  /// Seconds until the first result, compilation included.
  let preparation: Double
  let loss: Double
  let initialNorm: Double?
  let ratesNorm: Double?
  /// One measured unit.
  let unit: () -> Void
}
