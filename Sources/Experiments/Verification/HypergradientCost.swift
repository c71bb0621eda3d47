import Configurations
import Foundation
import MetaLearning
import Reports
import TensorPrograms

/// What one side of a comparison costs, measured in a process that does nothing else.
package struct HypergradientCost: Sendable, Codable {
  /// Seconds a hypergradient, the median of a few after one that does not count.
  package let seconds: Double
  /// The most memory that was ever resident, above what the process held with its data before the
  /// side was compiled, in MB of 2^20 bytes: compilation, arguments and results included.
  package let residentMegabytes: Double
  /// What the plan needs besides arguments and results.
  package let plannedBytes: Int

  /// Measures one side of a comparison in this process.
  init<Task: LearningTask>(_ side: HypergradientSide, _ setting: HypergradientSetting<Task>) throws
  {
    let batch = setting.batch(0)
    let point = try setting.initialPoint()
    Memory.resetPeak()
    let idle = Memory.peakMegabytes
    let planned: Int
    switch side {
    case .estimator(let kind):
      let estimator = try setting.estimator(kind)
      planned = estimator.program.peakBytes
      seconds =
        Timing.times(units: 3, seconds: 2) {
          _ = estimator(batch, at: point)
        }.median
    case .finiteDifferences:
      let differences = FiniteDifferences(setting.problem, like: batch)
      planned = differences.program.peakBytes
      seconds =
        Timing.times(units: 3, seconds: 2) {
          _ = differences.derivative(batch, at: point, along: point.rates, step: 1e-3)
        }.median
    }
    plannedBytes = planned
    residentMegabytes = Memory.peakMegabytes - idle
  }

  /// One line of JSON.
  package var json: String {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// What a process that printed `json` measured; nil where none came to its end.
  package static func ofProcess(_ executable: String, _ arguments: [String]) -> HypergradientCost? {
    let said = TimedProcess.run(executable, arguments: arguments, timeLimit: .infinity).output
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try? decoder.decode(HypergradientCost.self, from: said)
  }
}

/// One side of a comparison.
package enum HypergradientSide: Sendable {
  /// A whole hypergradient.
  case estimator(any HypergradientEstimator)
  /// Derivatives along directions.
  case finiteDifferences

  /// What tables call it.
  var name: String {
    switch self {
    case .estimator(let estimator): estimator.word
    case .finiteDifferences: "finite differences"
    }
  }
}

/// Where both sides of a comparison look: a configuration's problem at its initial rates.
struct HypergradientSetting<Task: LearningTask> {
  let problem: InnerProblem<Task>
  let configuration: RunConfiguration
  /// The first batch, drawn once: drawing takes memory that is no estimator's.
  private let first: EpisodeBatch

  init(_ configuration: RunConfiguration, _ task: Task) throws {
    self.configuration = configuration
    problem = try configuration.problem(task)
    first = Self.batch(0, configuration, problem)
  }

  /// The problem with its memory policy planned for an estimator, whose own sweep decides.
  func planned(
    _ estimator: any HypergradientEstimator
  ) throws(MemoryError) -> InnerProblem<Task> {
    try problem.planned(
      configuration.memory, for: batch(0), estimator: estimator, targets: [.rates])
  }

  /// An estimator of the planned problem.
  func estimator(
    _ estimator: any HypergradientEstimator
  ) throws(MemoryError) -> any CompiledHypergradient {
    try planned(estimator).estimator(estimator, like: batch(0), targets: [.rates])
  }

  /// What the reverse sweep of an estimator keeps, in one line; nil where it has none.
  func memoryText(_ estimator: any HypergradientEstimator) throws(MemoryError) -> String? {
    guard estimator.sweptSteps(of: configuration.inner.steps) != nil else { return nil }
    var configuration = configuration
    configuration.outer.estimator = estimator
    return "\(estimator.word): \(configuration.memoryText(try planned(estimator)))"
  }

  /// What learning starts from.
  func initialPoint() throws -> Hyperparameters {
    problem.hyperparameters(
      Learned(
        rates: try problem.initialRates(seed: configuration.seed),
        initialWeights: problem.sharedInitialWeights(
          configuration.outer, seed: configuration.seed) ?? []))
  }

  /// The runs of one outer step.
  func batch(_ index: Int) -> EpisodeBatch {
    index == 0 ? first : Self.batch(index, configuration, problem)
  }

  private static func batch(
    _ index: Int, _ configuration: RunConfiguration, _ problem: InnerProblem<Task>
  ) -> EpisodeBatch {
    let runs = UInt64(configuration.outer.tasks)
    let seed = configuration.seed
    return problem.batch(
      role: .training, seed: seed, indices: UInt64(index) * runs..<UInt64(index + 1) * runs,
      sharesInitialWeights: configuration.outer.sharesInitialWeights)
  }
}
