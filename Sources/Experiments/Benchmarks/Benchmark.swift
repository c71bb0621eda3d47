import Foundation
import MetaLearning
import TensorPrograms

/// A workload that other frameworks run as well, with the same inputs; one process measures one.
package enum Benchmark: String, Sendable, CaseIterable {
  /// One meta-iteration of Meta-SGD on 25 sinusoids, one inner step.
  case sinusoid1 = "sinusoid-1"
  /// The same with five inner steps.
  case sinusoid5 = "sinusoid-5"
  /// One hypergradient of a convolutional network's few-shot loss, one inner step.
  case convolution1 = "conv4-1"
  /// The same with five inner steps.
  case convolution5 = "conv4-5"
  /// One hypergradient of the validation loss after 1000 steps of momentum on the digits.
  case longHorizon = "long-horizon"
  /// One hypergradient through ten steps of a network of two million weights.
  case wide
  /// One through three steps of a network with two layers of 2048 and large batches, whose products
  /// leave the caches.
  case wide2048 = "wide-2048"
  /// One hypergradient through 200 steps of AdamW of a causal transformer that learns sums.
  case transformerAddition = "transformer-addition"
  /// The same of one that learns the next character of a text, at each of 32 positions.
  case transformerText = "transformer-text"
  /// Training on the digits while the rates adapt.
  case online
  /// An outer step of a run of Meta-SGD on sinusoids, all that belongs to it included.
  case runSinusoid = "run-sinusoid"
  /// An outer step of a run that learns rates for the digits.
  case runDigits = "run-digits"
  /// An operation on few elements outside of any compiled function.
  case eager

  /// What `--variant` may be; the first is meant where none is given.
  package var variants: [String] {
    switch self {
    case .sinusoid1, .sinusoid5, .convolution1, .convolution5, .runSinusoid, .runDigits, .wide2048,
      .eager:
      []
    case .longHorizon: ["storeAll", "everyStep", "segments", "binomial", "terms", "plain"]
    case .wide: ["storeAll", "everyStep", "plain"]
    case .transformerAddition, .transformerText: ["segments", "everyStep", "plain"]
    case .online: ["online", "plain"]
    }
  }

  /// The group of an inputs file.
  private var group: String {
    switch self {
    case .sinusoid1, .sinusoid5, .runSinusoid: "sinusoid"
    case .convolution1, .convolution5: "conv4"
    case .longHorizon, .online, .runDigits: "long-horizon"
    case .wide, .wide2048, .transformerAddition, .transformerText, .eager: rawValue
    }
  }

  /// Measures the workload on the inputs of a file, or on generated ones.
  package func measure(variant: String, inputs file: String?) throws -> BenchmarkResult {
    let idle = Memory.peakMegabytes
    let run = try prepare(variant: variant, inputs: file)
    let times = Timing.times(run.unit)
    // What is measured besides has memory of its own.
    let peak = Memory.peakMegabytes
    let paired = run.hypergradient.map { Timing.means(of: run.unit, and: $0()) }
    return BenchmarkResult(
      workload: rawValue, variant: variant,
      measured: paired != nil
        ? "one outer step, mean"
        : run.operations > 1 ? "one operation, median" : "one unit, median",
      seconds: paired?.first ?? times.median / Double(run.operations),
      hypergradientSeconds: paired?.second, firstSeconds: run.preparation,
      peakMegabytes: peak, idleMegabytes: idle, outcome: try run.outcome(),
      workers: ExecutionOptions.current.workers,
      barrierNanoseconds: Host.barrierNanoseconds())
  }

  /// Says where the time of the workload's program goes, kernel by kernel.
  package func profile(variant: String, inputs file: String?) throws -> ProfileReport {
    let run = try prepare(variant: variant, inputs: file)
    return ProfileReport(run.program, run.arguments)
  }

  private func prepare(variant: String, inputs file: String?) throws -> BenchmarkRun {
    let inputs =
      try file.map { try BenchmarkInputs(file: $0, group: group) } ?? generatedInputs()
    return try prepare(variant.isEmpty ? variants.first ?? "" : variant, inputs)
  }

  /// Inputs of the same form from random streams of our own.
  package func generatedInputs() throws -> BenchmarkInputs {
    switch self {
    case .sinusoid1, .sinusoid5, .runSinusoid: GeneratedInputs.sinusoid()
    case .convolution1, .convolution5: GeneratedInputs.fewShotImages()
    case .longHorizon, .online, .runDigits: try GeneratedInputs.longHorizon()
    case .wide: GeneratedInputs.wide()
    case .wide2048:
      GeneratedInputs.wide(rawValue, sizes: [64, 2048, 2048, 10], steps: 3, batch: 899)
    case .transformerAddition: GeneratedInputs.transformerAddition()
    case .transformerText: GeneratedInputs.transformerText()
    case .eager: GeneratedInputs.eager()
    }
  }

  /// The workload, compiled and run once.
  package func prepare(_ variant: String, _ inputs: BenchmarkInputs) throws -> BenchmarkRun {
    switch self {
    case .sinusoid1: try MetaSGDBenchmark.prepare(steps: 1, inputs)
    case .sinusoid5: try MetaSGDBenchmark.prepare(steps: 5, inputs)
    case .convolution1: try FewShotBenchmark.prepare(steps: 1, inputs)
    case .convolution5: try FewShotBenchmark.prepare(steps: 5, inputs)
    case .longHorizon: try LongHorizonBenchmark.prepare(variant, inputs)
    case .wide, .wide2048: try WideBenchmark.prepare(variant, inputs)
    case .transformerAddition, .transformerText:
      try TransformerBenchmark.prepare(variant, inputs)
    case .online: try OnlineBenchmark.prepare(variant, inputs)
    case .runSinusoid:
      try OuterLoopBenchmark.prepare(OuterLoopBenchmark.sinusoid) {
        try MetaSGDBenchmark.prepare(steps: 1, inputs).outcome()
      }
    case .runDigits:
      try OuterLoopBenchmark.prepare(OuterLoopBenchmark.digits) {
        try LongHorizonBenchmark.prepare("segments", inputs).outcome()
      }
    case .eager: try EagerBenchmark.prepare(inputs)
    }
  }
}
