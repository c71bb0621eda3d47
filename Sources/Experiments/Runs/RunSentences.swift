import Arms
import Configurations
import MetaLearning

/// What can be said of an experiment's runs: every sentence follows from the configuration.
package struct RunSentences: Sendable {
  private let configuration: RunConfiguration

  /// The sentences of a configuration.
  package init(_ configuration: RunConfiguration) { self.configuration = configuration }

  /// What test runs start from.
  package var weights: String {
    let outer = configuration.outer
    let file = outer.initialWeights.source
    if outer.learning.contains(.initialWeights) {
      return "the initial weights of each state" + (file.map { ", the start's of \($0)" } ?? "")
    }
    if let file { return "the initial weights of \(file), as all runs do" }
    return outer.initialWeights == .fresh
      ? configuration.task.testRunsStartFrom
      : "the same initial weights as the runs that were learned from"
  }

  /// What test runs are trained on.
  package var training: String { configuration.task.testRunsTrainOn }

  /// What test runs are evaluated on, where that has to be said.
  package var evaluation: String? {
    guard configuration.task.isTable else { return nil }
    return configuration.objective == .training
      ? "evaluated by their losses in training" : "evaluated on test rows that learning did not see"
  }

  /// The heading of a table of test runs.
  package func heading(runs: Int) -> String { heading(runs: runs, from: weights) }

  /// The heading of test runs where nothing is learned, so that there is one state.
  package func headingWithoutLearning(runs: Int) -> String {
    guard configuration.outer.learning.contains(.initialWeights) else { return heading(runs: runs) }
    let file = configuration.outer.initialWeights.source
    return heading(
      runs: runs,
      from: "the initial weights " + (file.map { "of \($0)" } ?? "that learning would start from"))
  }

  private func heading(runs: Int, from weights: String) -> String {
    if isOneRun { return "one test run, as nothing random tells runs of this task apart:" }
    let parts = ["trained on \(training)"] + [evaluation].compactMap { $0 }
    return "\(runs) test runs from \(weights), \(parts.joined(separator: ", ")):"
  }

  /// What the row of the start has; the start of initial weights and scalars is named where they
  /// are learned too.
  package var start: String {
    let also = learnedBesidesRates
    return also.isEmpty ? "rates as learning started" : "rates, \(also) as learning started"
  }

  /// What the row of the learned state has.
  ///
  /// - Parameter isBest: whether validation chose the state.
  package func learned(step: Int, isBest: Bool) -> String {
    let which = isBest ? "best by validation" : "last, without validation"
    return step == 0 ? "best by validation: the start" : "learned (\(which), outer step \(step))"
  }

  /// What is learned.
  package var subject: String {
    let rates = configuration.outer.learning.changesRates ? ["rates"] : []
    return (rates + [learnedBesidesRates].filter { !$0.isEmpty }).joined(separator: ", ")
  }

  private var learnedBesidesRates: String {
    configuration.outer.learning.namesBesidesRates(of: configuration.inner)
  }

  /// What a reader must know to read the numbers.
  package var remarks: [String] { remarks(testedFor: configuration.evaluationSteps) }

  /// The same of test runs of so many steps.
  func remarks(testedFor evaluated: Int) -> [String] {
    let steps = configuration.inner.steps
    var remarks: [String] = []
    if let last = configuration.rates.lastRow, evaluated > steps {
      remarks.append(
        "test runs take \(evaluated) steps, rates were learned for \(steps): beyond them the last "
          + "\(last)'s rates hold")
    }
    if let average = configuration.outer.average {
      remarks.append(
        "what validation chose among are the states of each check and their average over outer steps, "
          + "decay \(average.decay)")
    }
    if !configuration.task.bringsItsModel, configuration.model.isTransductive {
      remarks.append(
        "the model normalizes by the statistics of the examples that are evaluated together: "
          + "predictions are transductive, and depend on which those are")
    }
    return remarks
  }

  /// What the runs of an ablation's arms start from.
  ///
  /// - Parameter arms: their names and configurations, and whether they have learned initial
  ///   weights.
  static func weights(
    _ arms: [(name: String, configuration: RunConfiguration, haveLearned: Bool)]
  ) -> String {
    let starts = arms.map { arm in
      if arm.haveLearned { return "the initial weights that were learned" }
      return arm.configuration.outer.learning.contains(.initialWeights)
        ? "the weights that learning starts from" : RunSentences(arm.configuration).weights
    }
    guard Set(starts).count > 1 else { return "All runs start from \(starts.first ?? "")." }
    return starts.unique.map { start in
      let names = zip(arms, starts).filter { $0.1 == start }.map(\.0.name)
      return "Runs of \(names.joined(separator: " and of ")) start from \(start)."
    }.joined(separator: " ")
  }

  /// Whether nothing random tells runs apart.
  package var isOneRun: Bool { configuration.task.isDeterministic }
}

extension RateSpecification {
  /// What holds beyond the steps that rates were learned for: `step` or `window`; nil where nothing
  /// ends there.
  fileprivate var lastRow: String? {
    let times = [time] + offsets.map(\.time)
    if times.contains(.step) { return "step" }
    return times.contains { if case .window = $0 { true } else { false } } ? "window" : nil
  }
}

extension Array where Element: Hashable {
  /// Each element once, where it stands first.
  var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
