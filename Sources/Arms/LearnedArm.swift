import MetaLearning
import Reports
import Settings
import TensorPrograms

/// Where learned arms begin.
public enum LearningStart: String, Sendable, CaseIterable {
  /// The best of the tuned uniform rates that the parameterization can give; its tuning is charged.
  case tunedUniform
  /// The best of the tuned layer factors that the parameterization can give; its tuning is charged.
  case tunedLayerFactor
  /// The configured initial rates.
  case asWritten
}

/// Rates learned as the configuration says.
public struct LearnedArm: AblationArm {
  /// Where learning begins.
  public var start: LearningStart

  /// The word for it.
  public static let word = "learned"
  /// Where learning begins; the rest is configured outside.
  public static let schema = Schema<Self>(
    "rates learned as configured",
    Setting(
      "start", \.start, .word("a start"), "the rates that learning begins with",
      isWritten: { $0.start != .tunedUniform }))

  /// Learned rates, from the tuned uniform rate unless said otherwise.
  public init(start: LearningStart = .tunedUniform) { self.start = start }

  /// Only where they are where learning begins.
  public var readsInitialRates: Bool { start == .asWritten }
  /// An outer loop learns.
  public var learns: Bool { true }

  /// Finding where learning begins, outer steps and validations.
  public func expectedBudget<Task: LearningTask>(_ bench: ArmBench<Task>) -> Budget? {
    let learning = bench.expectedLearning(from: start)
    switch start {
    case .asWritten: return learning
    case .tunedUniform: return bench.expectedUniform() + learning
    case .tunedLayerFactor:
      return bench.layerIndices.reduce(learning) { $0 + bench.expectedLayerFactor($1) }
    }
  }

  /// What learning prefers by validation.
  public func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>? {
    guard let start = try begin(bench) else { return nil }
    bench.progress("learning from \(start.text)")
    let found = try start.bench.learned()
    let outer = bench.outer
    return ArmChoice(
      name: bench.learnedName + (self.start == .tunedLayerFactor ? ", from layer factors" : ""),
      choice: (found.best.step == 0
        ? "the start, \(start.text): nothing learned is better"
        : "from \(start.text), step \(found.best.step)") + found.ending,
      method: "\(Format.count(outer.steps, "outer step")) of \(Format.count(outer.tasks, "run")), "
        + "from \(start.method).",
      budget: start.budget + found.budget, problem: start.bench.problem,
      learned: found.learned(outer), changes: start.changes, best: found.best)
  }

  /// Where learning begins.
  struct Start<Task: LearningTask> {
    let bench: ArmBench<Task>
    /// What the bench has in place of what the configuration says.
    let changes: [Change]
    /// What it is, and how it was found, in words.
    let (text, method): (String, String)
    /// What finding it cost.
    let budget: Budget
  }

  /// Where learning begins; nil where there is no such start.
  func begin<Task: LearningTask>(
    _ bench: ArmBench<Task>
  ) throws -> Start<Task>? {
    switch start {
    case .asWritten:
      let initial = bench.problem.rates.specification.initial
      return Start(
        bench: bench, changes: [], text: "\(initial.word) \(initial.node.flowYAML)",
        method: "the rates that are configured", budget: Budget())
    case .tunedUniform:
      let tuning = bench.tunedUniform()
      let candidates = tuning.candidates.map { ($0, UniformRates(rate: $0.values[0])) }
      let (rates, found) = try bench.best(candidates)
      return Start(
        bench: found, changes: [Change(startingFrom: rates)], text: Format.number(rates.rate),
        method:
          "the best tuned uniform rate that their parameterization can give, whose tuning is charged",
        budget: tuning.budget)
    case .tunedLayerFactor:
      let tunings = bench.layerIndices.map { ($0, bench.tunedLayerFactor($0)) }
      guard !tunings.isEmpty else { return nil }
      let candidates = tunings.flatMap { index, tuning in
        tuning.candidates.map { candidate in
          (
            candidate,
            LayerFactorRates(
              base: candidate.values[0], factor: candidate.values[1], index: index)
          )
        }
      }
      let (rates, found) = try bench.best(candidates)
      return Start(
        bench: found, changes: [Change(startingFrom: rates)],
        text: LayerFactorText.text([rates.base, rates.factor], rates.index ?? .layer),
        method:
          "the best tuned layer factor that their parameterization can give, whose tuning is charged",
        budget: tunings.reduce(Budget()) { $0 + $1.1.budget })
    }
  }
}

extension ArmBench {
  /// What tables call what the bench learns.
  var learnedName: String {
    let besides = outer.learning.namesBesidesRates(of: problem.specification)
    guard outer.learning.changesRates else { return "learned \(besides)" }
    return problem.rates.specification.learnedName + (besides.isEmpty ? "" : ", \(besides)")
  }

  /// The initial rates with the lowest score that the parameterization can give, and the bench that
  /// begins with them.
  ///
  /// - Throws: `RateError` where it can give none.
  fileprivate func best<Rates: InitialRates>(
    _ candidates: [(candidate: Tuning.Candidate, rates: Rates)]
  ) throws -> (Rates, ArmBench) {
    func bench(_ rates: Rates) throws -> ArmBench {
      let bench = try starting(from: rates)
      _ = try bench.problem.initialRates(seed: seed)
      return bench
    }
    let sorted = candidates.filter(\.candidate.score.isFinite)
      .sorted { $0.candidate.score < $1.candidate.score }.map(\.rates)
    for rates in sorted {
      if let bench = try? bench(rates) { return (rates, bench) }
    }
    let rates = sorted.first ?? candidates[0].rates
    return (rates, try bench(rates))
  }

  private func starting(from rates: some InitialRates) throws -> ArmBench {
    try with([Change(startingFrom: rates)])
  }
}

extension Change {
  /// Of the rates that learning begins with.
  fileprivate init(startingFrom rates: some InitialRates) {
    self.init("rates.initial", .kind(rates))
  }
}
