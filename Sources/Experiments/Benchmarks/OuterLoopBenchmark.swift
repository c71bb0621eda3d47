import Arms
import Checkpoints
import Configurations
import Foundation
import MetaLearning
import Settings
import TensorPrograms

/// Whole outer steps as `metarate run` does them: runs drawn, hypergradient, update, history,
/// validation and checkpoints at their usual cadence.
enum OuterLoopBenchmark {
  /// The configuration of `experiments/sinusoid.yaml`, saved by time.
  static let sinusoid = RunConfiguration(
    name: "run-sinusoid", task: SinusoidKind(),
    model: PerceptronKind(hidden: [40, 40], activation: .relu),
    inner: InnerSpecification(steps: 1),
    rates: RateSpecification(
      parameterization: .direct, initial: UniformRates(rate: 0.01)),
    memory: .policy(.storeAll),
    outer: OuterSpecification(
      rate: 0.001, steps: 10_000, learning: .hypergradients([.rates, .initialWeights]), tasks: 25,
      validation: ValidationSpecification(every: 500, tasks: 100)),
    history: HistoryConfiguration(every: 50))

  /// What `experiments/ablation-digits.yaml` learns by, with the default validation.
  static let digits = RunConfiguration(
    name: "run-digits", task: DigitsKind(),
    model: PerceptronKind(hidden: [64, 64], activation: .tanh),
    inner: InnerSpecification(optimizer: Momentum(), steps: 100, batch: 64),
    memory: .policy(.storeAll),
    outer: OuterSpecification(
      rate: 0.06, schedule: CosineSchedule(final: 0.1), steps: 400, tasks: 8,
      clip: GlobalNormClip(limit: 0.1),
      validation: ValidationSpecification(every: 10, tasks: 8)),
    history: HistoryConfiguration(every: 2))

  /// - Parameter outcome: what peers are compared on: one hypergradient on shared inputs.
  static func prepare(
    _ configuration: RunConfiguration, outcome: @escaping () throws -> BenchmarkOutcome
  ) throws -> BenchmarkRun {
    try prepare(configuration, try configuration.makeTask(), outcome)
  }

  private static func prepare<Task: LearningTask>(
    _ configuration: RunConfiguration, _ task: Task,
    _ outcome: @escaping () throws -> BenchmarkOutcome
  ) throws -> BenchmarkRun {
    let start = Timing.now
    let problem = try configuration.prepared(task).problem
    let session = try OuterSteps(configuration, problem, in: TemporaryRun())
    try session.step()
    let preparation = Timing.now - start
    return BenchmarkRun(
      preparation: preparation, outcome: outcome, unit: { session.stepOrStop() },
      program: session.loop.program, arguments: session.loop.tensors
    ) {
      let outer = configuration.outer
      let batch = problem.batch(
        role: .training, seed: configuration.seed, indices: 0..<UInt64(outer.tasks),
        sharesInitialWeights: outer.sharesInitialWeights)
      let estimator = problem.estimator(
        outer.estimator, like: batch, targets: Set(outer.learning.targets))
      let point = problem.hyperparameters(session.loop.state.learned)
      return { _ = estimator(batch, at: point) }
    }
  }
}

/// Outer steps, kept as a run keeps them.
private final class OuterSteps<Task: LearningTask> {
  private(set) var loop: OuterLoop<Task>
  private var keeper: RunKeeper<Task>
  private let temporary: TemporaryRun

  init(
    _ configuration: RunConfiguration, _ problem: InnerProblem<Task>, in temporary: TemporaryRun
  ) throws {
    self.temporary = temporary
    let folder = temporary.folder
    try folder.begin(configuration)
    loop = try OuterLoop(problem, specification: configuration.outer, seed: configuration.seed)
    keeper = try RunKeeper(
      configuration, folder, provenance: Provenance.json(command: [], files: [:]),
      TrainingLayout(problem, specification: configuration.outer),
      try CheckpointWriter(folder.checkpoints),
      initial: problem.rates.expanded(loop.initial.rates),
      history: try RunHistory(
        beginning: folder.history(configuration.history), paths: problem.parameters.paths),
      saved: nil)
  }

  func step() throws {
    let report = try loop.step()
    keeper.record(loop, report, seconds: 0)
    if keeper.isDue(after: report.step) { try keeper.save(loop, isLast: false) }
  }

  /// The same as a unit that is timed: a step that failed must not be taken for a fast one.
  func stepOrStop() {
    do { try step() } catch { fatalError("an outer step that is timed failed: \(error)") }
  }
}

/// A folder that goes when nobody uses it any more.
private final class TemporaryRun: Sendable {
  let folder = RunFolder(
    FileManager.default.temporaryDirectory.appending(path: "metarate-bench-\(UUID())").path)

  deinit { try? FileManager.default.removeItem(atPath: folder.path) }
}
