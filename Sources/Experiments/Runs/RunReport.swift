import MetaLearning
import Reports

/// What a finished run shows.
package enum RunReport {
  /// The comparison, and where everything lies.
  package static func text(_ result: RunResult) -> String {
    let comparison = result.comparison
    let sentences = RunSentences(result.configuration)
    let table = table(
      sentences, step: comparison.step, isBest: comparison.validation != nil,
      initial: (comparison.initial.objectives, comparison.initial.accuracies),
      learned: (comparison.learned.objectives, comparison.learned.accuracies))
    var lines = ["", sentences.heading(runs: comparison.initial.objectives.count), table.text]
    if let difference = comparison.difference {
      lines.append(text(difference, isOneRun: sentences.isOneRun))
    }
    lines.append(comparison.verdict.text)
    lines += sentences.remarks
    if !comparison.scalars.isEmpty {
      lines += [
        "",
        Table(
          [.left("scalar"), .right("start"), .right("learned")],
          rows: comparison.scalars.map {
            [$0.name, Format.number($0.start), Format.number($0.learned)]
          }
        ).text,
      ]
    }
    lines += ReferenceTable.lines(result.references, reached: comparison.learned.objectives)
    lines += result.warnings.map { "warning: \($0)" }
    lines += [""] + files(result)
    lines += [
      "trajectory   \(result.folder.trajectory)"
    ]
    lines += result.figures.map { "figure       \($0)" }
    return lines.joined(separator: "\n")
  }

  /// Both states on the test runs.
  ///
  /// - Parameters:
  ///   - step: the outer step of the learned state.
  ///   - isBest: whether validation chose it.
  ///   - initial: losses and fractions of right answers of what learning started from.
  ///   - learned: the same of what was learned.
  static func table(
    _ sentences: RunSentences, step: Int, isBest: Bool,
    initial: (losses: [Double], accuracies: [Double]),
    learned: (losses: [Double], accuracies: [Double])
  ) -> Table {
    func row(_ name: String, _ state: (losses: [Double], accuracies: [Double])) -> [String] {
      let loss = Summary(state.losses)
      return [
        name, Format.number(loss.mean), Format.number(loss.standardDeviation ?? .nan),
        state.accuracies.isEmpty ? "—" : Format.percent(Summary(state.accuracies).mean),
      ]
    }
    return Table(
      [.left("state"), .right("test loss"), .right("± sd"), .right("accuracy")],
      rows: [
        row(sentences.start, initial), row(sentences.learned(step: step, isBest: isBest), learned),
      ])
  }

  /// Learned minus start with its interval, in words.
  static func text(_ difference: PairedDifference, isOneRun: Bool) -> String {
    "learned − start: \(Format.number(difference.estimate))"
      + interval(difference, isOneRun: isOneRun)
  }

  /// What a run that is finished already came to, in one line.
  package static func finished(_ summary: RunSummary, _ folder: RunFolder) -> String {
    let (start, learned) = (
      Summary(summary.initial.objectives), Summary(summary.learned.objectives)
    )
    return "\(folder.path) is finished: test loss \(Format.number(learned.mean)), of the start "
      + "\(Format.number(start.mean)); \(summary.verdict)"
  }

  /// Where the states lie: the one that the numbers are of, and the one to go on from.
  private static func files(_ result: RunResult) -> [String] {
    let best = result.rates.bestStep.map { "best state   \(result.folder.best) (outer step \($0))" }
    return [best].compactMap { $0 } + [
      "last state   \(result.folder.checkpoints)/\(result.checkpoint.name)"
    ]
  }

  /// Runs that are one run have no interval.
  private static func interval(_ difference: PairedDifference, isOneRun: Bool) -> String {
    let interval = difference.interval
    guard !isOneRun, !difference.saysNothing else { return "" }
    return ", 95 % interval [\(Format.number(interval.lowerBound)), "
      + "\(Format.number(interval.upperBound))]"
  }
}
