import Settings
import TensorPrograms

/// What an outer step does about training runs that come to numbers that are not finite.
public enum NonFinitePolicy: Sendable, Equatable {
  /// Learning stops, with the last good state kept and the first bad tensor named.
  case stop
  /// The step's mean is that of the other runs, where at most this share of them is left out; else
  /// learning stops.
  case skip(limit: Double)

  /// The share that may be left out; nil where none may.
  var limit: Double? {
    if case .skip(let limit) = self { limit } else { nil }
  }
}

extension Form<NonFinitePolicy> {
  /// `stop`, or `skip` with a limit.
  static var nonFinite: Form {
    .choice(
      "what to do",
      [
        Alternative("stop", .stop, "learning stops, with the last good state kept"),
        Alternative(
          "skip", 0.5, "the step's mean is that of the runs that are finite",
          Setting(
            "limit", \.self, .number(.fraction),
            "the share of a step's runs that may be left out"),
          value: { .skip(limit: $0) }, payload: { $0.limit }),
      ])
  }
}

extension InnerProblem {
  /// The hypergradient of those runs of a batch that come to finite numbers, each differentiated by
  /// itself: what is not finite in one run cannot be taken out of a sum.
  ///
  /// - Parameters:
  ///   - lone: a hypergradient compiled for batches of one run.
  ///   - batch: the runs.
  ///   - point: where it is taken.
  ///   - limit: the share of the runs that may be left out.
  ///   - targets: what the hypergradient is with respect to.
  /// - Returns: their mean, and how many are left out; nil where that is more.
  func finiteHypergradient(
    _ lone: any CompiledHypergradient, of batch: EpisodeBatch, at point: Hyperparameters,
    limit: Double, _ targets: Set<LearnTarget>
  ) -> (mean: Hypergradient, skipped: Int)? {
    let runs = (0..<batch.count).map { lone(batch.run($0), at: point) }
    let finite = runs.filter { $0.isFinite(targets) }
    let skipped = runs.count - finite.count
    guard var mean = finite.first, Double(skipped) <= limit * Double(runs.count) else { return nil }
    for run in finite.dropFirst() {
      mean.gradient = mean.gradient.replacingTensors(
        zip(mean.gradient.tensors, run.gradient.tensors).map { $0 + $1 })
    }
    let count = Double(finite.count)
    mean.gradient = mean.gradient.mapTensors { $0 / count }
    mean.objectives = finite.flatMap(\.objectives)
    mean.trainingLosses = .concatenate(finite.map(\.trainingLosses))
    return (mean, skipped)
  }
}

extension Hypergradient {
  /// Whether its objectives are finite, and its gradient with respect to some targets.
  func isFinite(_ targets: Set<LearnTarget>) -> Bool {
    objectives.allSatisfy(\.isFinite)
      && gradient.restricted(to: targets).tensors.allSatisfy { $0.summary.isFinite }
  }
}
