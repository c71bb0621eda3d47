import Foundation
import MetaLearning
import Reports
import Settings
import TensorPrograms

/// A search over settings by validation loss: all combinations of a few values, or quasi-random
/// points of ranges, which are widened and searched once more while the best lies near an end.
struct SettingSearch<Task: LearningTask> {
  /// Values for the settings, and the score that they come to.
  struct Candidate {
    let changes: [Change]
    /// Infinite for a candidate that diverges or cannot be.
    var score = Double.infinity
    /// The rates that it was scored with, and what was learned besides; nil where it cannot be.
    var learned: Learned?
    /// The state of learning that those are of; nil where nothing was learned.
    var best: OuterState.Best?
    /// What ended learning early, in words that follow a choice.
    var ending = ""
  }

  let bench: ArmBench<Task>
  let settings: [SearchedSetting]
  /// How many candidates a round has; all combinations where there are fewer.
  let count: Int
  /// Whether each candidate learns as the configuration says, and is scored by what it learns.
  let learns: Bool

  /// The best candidate, how many were tried, and what that cost.
  ///
  /// - Throws: `ConfigurationError` for values that cannot be.
  func best() throws -> (Candidate, count: Int, Budget) {
    var settings = settings
    var stream = RandomStream(seed: bench.seed, purpose: "tuning settings")
    var (candidates, budget): ([Candidate], Budget) = ([], Budget())
    // Three widenings by 10 span more than rates do.
    for _ in 0..<4 {
      let (scored, cost) = try score(points(settings, &stream))
      candidates += scored
      budget = budget + cost
      let best = candidates.min { $0.score < $1.score }!
      let widened = zip(settings, best.changes).map { setting, change in
        setting.values.widened(around: change.value).flatMap {
          isPossible(setting.key, $0) ? $0 : nil
        }
      }
      if widened.allSatisfy({ $0 == nil }) || !best.score.isFinite { break }
      settings = zip(settings, widened).map { setting, range in
        SearchedSetting(setting.key, range ?? setting.values)
      }
    }
    return (candidates.min { $0.score < $1.score }!, candidates.count, budget)
  }

  /// The candidates of a round.
  private func points(_ settings: [SearchedSetting], _ stream: inout RandomStream) -> [[Change]] {
    if let lists = combinedLists(settings) {
      return zip(settings, lists).reduce([[]]) { rows, column in
        rows.flatMap { row in column.1.map { row + [Change(column.0.key, $0)] } }
      }
    }
    if settings.count == 1, case .drawn(let range) = settings[0].values {
      return range.values(count: count).map {
        [Change(settings[0].key, ConfigurationNode(.plain($0)))]
      }
    }
    return SearchGrid.quasiRandomPoints(
      count: count, dimensions: settings.count, generator: &stream
    ).map { point in
      zip(settings, point).map { Change($0.key, $0.values.value(at: $1)) }
    }
  }

  /// The values of each setting, where all are lists with few enough combinations.
  private func combinedLists(_ settings: [SearchedSetting]) -> [[ConfigurationNode]]? {
    let lists = settings.compactMap { setting -> [ConfigurationNode]? in
      if case .listed(let values) = setting.values { values } else { nil }
    }
    guard lists.count == settings.count else { return nil }
    // Stops at the count: products of many lists overflow.
    let combinations = lists.reduce(1) { $0 > count ? $0 : $0 * $1.count }
    return combinations <= count ? lists : nil
  }

  /// Whether a setting can have all values of a range: a widened one may leave what is allowed.
  private func isPossible(_ key: String, _ values: SearchedValues) -> Bool {
    SearchedSetting(key, values).examples.allSatisfy { (try? bench.with([$0])) != nil }
  }

  /// How many candidates the first round has.
  var roundCount: Int {
    if let lists = combinedLists(settings) { return lists.reduce(1) { $0 * $1.count } }
    // Of whole numbers there may be fewer.
    guard settings.count == 1, case .drawn(let range) = settings[0].values else { return count }
    return range.values(count: count).count
  }

  private func score(_ points: [[Change]]) throws -> ([Candidate], Budget) {
    if learns { return try scoreLearned(points) }
    // Candidates that differ in their initial rates alone are one compiled program.
    let groups = Dictionary(grouping: points.indices) { index in
      points[index].filter { !$0.isOfInitialRates }.map { "\($0.key)=\($0.value.json)" }
    }
    var (candidates, budget) = (points.map { Candidate(changes: $0) }, Budget())
    for group in groups.values.sorted(by: { $0[0] < $1[0] }) {
      let benches = try group.map { try bench.with(points[$0]) }
      let runs = TuningRuns(benches[0], benches[0].problem)
      let possible = try zip(group, benches).compactMap { index, candidate in
        try unlessImpossible { try candidate.problem.initialRates(seed: bench.seed) }
          .map { (index: index, rates: $0) }
      }
      budget = benches.reduce(budget) { $0 + $1.problem.costOfInitialRates }
      guard !possible.isEmpty else { continue }
      for (candidate, score) in zip(possible, runs.scores(rates: possible.map(\.rates))) {
        candidates[candidate.index].score = score
        candidates[candidate.index].learned = Learned(rates: candidate.rates)
      }
      budget = budget + runs.cost.times(possible.count)
    }
    return (candidates, budget)
  }

  private func scoreLearned(_ points: [[Change]]) throws -> ([Candidate], Budget) {
    var (candidates, budget): ([Candidate], Budget) = ([], Budget())
    for point in points {
      bench.progress("learning with \(point.text)")
      let bench = try bench.with(point)
      guard let found = try unlessImpossible(bench.learned) else {
        candidates.append(Candidate(changes: point))
        budget = budget + bench.problem.costOfInitialRates
        continue
      }
      let score = found.best.objective
      candidates.append(
        Candidate(
          changes: point, score: score.isFinite ? score : .infinity,
          learned: found.learned(bench.outer), best: found.best, ending: found.ending))
      budget = budget + found.budget
    }
    return (candidates, budget)
  }

  /// A value, or nil where it takes a rate that the parameterization cannot give: that is no
  /// candidate.
  private func unlessImpossible<Value>(_ value: () throws -> Value) throws -> Value? {
    do {
      return try value()
    } catch RateError.impossibleInitial {
      return nil
    }
  }
}

extension Change {
  fileprivate var isOfInitialRates: Bool { key.hasPrefix("rates.initial.") }
}

extension [Change] {
  /// `truncated window 30, growing`: kinds and words by themselves, other values with their keys.
  package var shortText: String {
    map { change in
      let label = change.value.label
      let isKind = change.value.isMapping || change.value.word != nil && label != "none"
      return isKind ? label : [change].text
    }.joined(separator: ", ")
  }

  /// `momentum 0.9, rate 0.05`: keys by their last words.
  package var text: String {
    map { change in
      let word = change.key.split(separator: ".").last.map(String.init) ?? change.key
      return "\(word) \(change.value.label)"
    }.joined(separator: ", ")
  }
}

extension ConfigurationNode {
  /// The value in few words: `0.05`, `globalNorm limit 0.1`.
  package var label: String {
    switch content {
    case .plain(let text):
      guard let number = Double(text) else { return text }
      return number == number.rounded() && abs(number) < 1e6
        ? "\(Int(number))" : Format.number(number)
    case .mapping(let entries):
      return entries.filter { !$0.value.isNothing }.map {
        $0.key == "kind" ? $0.value.label : "\($0.key) \($0.value.label)"
      }
      .joined(separator: " ")
    case .quoted(let text): return text
    case .list: return flowYAML
    }
  }
}
