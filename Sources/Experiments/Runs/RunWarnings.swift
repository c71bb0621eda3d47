import Checkpoints
import MetaLearning
import TensorPrograms

/// What diagnostics find out of order while a run goes on, each once: also once over all the times
/// that a run is resumed.
struct RunWarnings {
  /// Sentences, in the order in which they were first true.
  private(set) var texts: [String] = []
  private var subjects: Set<String> = []
  private let names: [ParameterPath]

  /// Those of the history so far; `names` are the rates' unconstrained tensors'.
  init(names: [ParameterPath], _ trajectory: Trajectory) {
    self.names = names
    for row in trajectory.rows { _ = fresh(row.step, row.diagnostics) }
  }

  /// Tells of terms that learning ended before.
  mutating func add(unreleased terms: [RateTermText]) {
    guard !terms.isEmpty else { return }
    let names = terms.map { "\($0.name) (\($0.text))" }.joined(separator: ", ")
    texts.append(
      "never released, so that they are 0: \(names): validation went on improving with the terms before, or "
        + "learning ended; raise outer.steps or lower the patience of outer.schedule")
  }

  /// Tells of training runs that were left out of the means of their steps.
  mutating func add(skippedRuns count: Int, of all: Int) {
    guard count > 0 else { return }
    texts.append(
      "\(count) of \(all) training runs came to numbers that are not finite and were left out of their "
        + "steps' means (outer.nonFinite)")
  }

  /// What a step's diagnostics say that was not said before.
  mutating func fresh(_ step: Int, _ diagnostics: Diagnostics?) -> [String] {
    let warnings = diagnostics?.warnings(names: names) ?? []
    let new = warnings.filter { subjects.insert($0.subject).inserted }
      .map { "outer step \(step): \($0.text)" }
    texts += new
    return new
  }
}
