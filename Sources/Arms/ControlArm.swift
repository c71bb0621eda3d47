import MetaLearning
import Settings
import TensorPrograms

/// Learned rates that have lost something, which tells whether they needed it: controls of the
/// learned arm with the same settings. What is learned besides rates stays.
public struct ControlArm: AblationArm {
  /// What is done to the learned rates.
  public var of: RateControl
  /// Where learning begins.
  public var start: LearningStart

  /// The word for it.
  public static let word = "control"
  /// What is done, and where learning begins.
  public static let schema = Schema<Self>(
    "learned rates that have lost something",
    Setting("of", \.of, .word("a control"), "what is done to the learned rates"),
    Setting(
      "start", \.start, .word("a start"), "the rates that learning begins with",
      isWritten: { $0.start != .tunedUniform }))

  /// A control; shuffled rates learned from the tuned uniform rate, unless said otherwise.
  public init(_ control: RateControl = .shuffled, start: LearningStart = .tunedUniform) {
    (of, self.start) = (control, start)
  }

  /// Only where they are where learning begins.
  public var readsInitialRates: Bool { start == .asWritten }
  /// An outer loop learns.
  public var learns: Bool { true }

  /// As much as learning costs.
  public func expectedBudget<Task: LearningTask>(_ bench: ArmBench<Task>) -> Budget? {
    LearnedArm(start: start).expectedBudget(bench)
  }

  /// The learned rates, changed.
  public func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>? {
    guard var choice = try LearnedArm(start: start).choose(bench) else { return nil }
    let learned = choice.problem.rates.expanded(choice.learned.rates)
    choice.problem = choice.problem.with(choice.problem.rates.perParameter)
    var stream = RandomStream(seed: bench.seed, purpose: "control \(of.rawValue)")
    let rows = choice.problem.rates.timeRows ?? 1
    let paths = choice.problem.parameters.paths
    let layers = paths.map { path in paths.firstIndex { $0.layer == path.layer }! }
    let values = learned.map { tensor in tensor.doubles.chunked(rows) }
    let changed = of.applied(
      to: values, widths: choice.problem.parameters.shapes.map { $0.extents.last ?? 1 },
      orbits: choice.problem.rates.orbitsOfFreshWeights, layers: layers, &stream)
    choice.learned.rates = try choice.problem.rates.unconstrained(
      givingEffective: zip(changed, learned).map { values, tensor in
        Tensor(values.flatMap(\.self), tensor.type)
      })
    // No state of learning has these rates.
    choice.best = nil
    choice.method = "learned by \(choice.method.dropLast()); then \(of.text)."
    choice.name += ", \(of.name)"
    return choice
  }
}

extension [Double] {
  /// So many parts of equal length.
  fileprivate func chunked(_ parts: Int) -> [[Double]] {
    let length = count / Swift.max(1, parts)
    return (0..<parts).map { Array(self[$0 * length..<($0 + 1) * length]) }
  }
}
