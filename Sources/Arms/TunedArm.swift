import MetaLearning
import Reports
import Settings

/// The best of many values of any settings, such as a rate and a momentum; where the arm learns,
/// the best of what is learned with each.
public struct TunedArm: AblationArm {
  /// What is searched.
  public var over: [SearchedSetting]
  /// How many candidates; nil for those of the other tuned arms.
  public var candidates: Int?
  /// Whether each candidate learns as configured, from its own initial rates, and is chosen by what
  /// it learns: initial weights at their best rate, say.
  public var learns: Bool

  /// The word for it.
  public static let word = "tuned"
  /// What is searched, how often, and whether candidates learn.
  public static let schema = Schema<Self>(
    "the best of many values of any settings",
    Setting(
      "over", \.over, .searched, "what is searched", mustBeWritten: true),
    Setting(
      "candidates", \.candidates, .optional(.integer(1...SearchRange.mostValues)),
      unit: "candidates",
      "how many are tried; none for ablation.tuning.rates of one setting, pairs of several"),
    Setting(
      "learn", \.learns, .flag,
      "whether each candidate learns as configured, and is chosen by what it learns"))

  /// A search over settings.
  public init(over: [SearchedSetting], candidates: Int? = nil, learns: Bool = false) {
    (self.over, self.candidates, self.learns) = (over, candidates, learns)
  }

  /// They are what is searched, or beside it.
  public var readsInitialRates: Bool { true }

  /// Those that are written.
  public func searched(_ search: TuningConfiguration) -> [SearchedSetting] { over }

  /// The same search of these settings.
  public func searching(_ settings: [SearchedSetting]) -> TunedArm {
    TunedArm(over: settings, candidates: candidates, learns: learns)
  }

  /// So many candidates, each a training or a learning.
  public func expectedBudget<Task: LearningTask>(_ bench: ArmBench<Task>) -> Budget? {
    let count = SettingSearch(
      bench: bench, settings: over, count: bench.candidates(over, candidates), learns: learns
    ).roundCount
    return learns
      ? (bench.costOfLearning() + bench.problem.costOfInitialRates).times(count)
      : bench.costOfSearching(count)
  }

  /// The candidate with the lowest validation loss.
  public func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>? {
    try bench.tuned(over, candidates: candidates, learns: learns, named: nil)
  }
}

extension ArmBench {
  /// How many candidates a search of settings has unless it says so itself.
  func candidates(_ settings: [SearchedSetting], _ written: Int? = nil) -> Int {
    written ?? (settings.count == 1 ? search.rates : search.pairs)
  }

  /// What a search of settings costs in which nothing is learned.
  func costOfSearching(_ settings: [SearchedSetting]) -> Budget {
    costOfSearching(candidates(settings))
  }

  /// What a search of settings costs that scores so many candidates and learns nothing; each
  /// measures its own initial rates.
  func costOfSearching(_ candidates: Int) -> Budget {
    costOfTuning(candidates) + problem.costOfInitialRates.times(candidates)
  }

  /// The best of many values of some settings.
  ///
  /// - Parameters:
  ///   - settings: what is searched.
  ///   - candidates: how many; nil for those of the other tuned arms.
  ///   - learns: whether each candidate learns, and is chosen by what it learns.
  ///   - name: what tables call the arm; nil to name the settings.
  func tuned(
    _ settings: [SearchedSetting], candidates: Int? = nil, learns: Bool = false, named name: String?
  ) throws -> ArmChoice<Task>? {
    let words = settings.map { $0.key.split(separator: ".").last.map(String.init) ?? $0.key }
      .joined(separator: ", ")
    progress("tuning \(words)\(name.map { " of \($0)" } ?? "")")
    let (best, count, budget) = try SettingSearch(
      bench: self, settings: settings,
      count: self.candidates(settings, candidates), learns: learns
    ).best()
    progress("tuned \(best.changes.text)")
    let chosen = try with(best.changes)
    return ArmChoice(
      name: name ?? (learns ? "\(learnedName) at tuned \(words)" : "tuned \(words)"),
      choice: best.changes.text + best.ending,
      method: "the best \(words) of \(Format.count(count, "candidate"))"
        + (learns
          ? ", by what is learned with each: \(Format.count(outer.steps, "outer step")) of "
            + Format.count(outer.tasks, "run") : "") + ".",
      budget: budget, problem: chosen.problem,
      // Of a search without any possible candidate the first one says why.
      learned: try best.learned ?? Learned(rates: chosen.problem.initialRates(seed: seed)),
      changes: best.changes, best: best.best)
  }
}
