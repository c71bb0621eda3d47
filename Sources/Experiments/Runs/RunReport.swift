import MetaLearning

/// What a finished run shows.
package enum RunReport {
  /// The comparison, and where everything lies.
  package static func text(_ result: RunResult, _ figures: [String]) -> String {
    let comparison = result.comparison
    func row(_ name: String, _ evaluation: Evaluation) -> [String] {
      let loss = Summary(evaluation.objectives)
      let accuracy =
        evaluation.accuracies.isEmpty
        ? "—" : Format.percent(Summary(evaluation.accuracies).mean)
      return [
        name, Format.number(loss.mean), Format.number(loss.standardDeviation ?? .nan), accuracy,
      ]
    }
    let table = Table(
      [.left("rates"), .right("test loss"), .right("± sd"), .right("accuracy")],
      rows: [
        row("as learning started", comparison.initial),
        row("learned (outer step \(comparison.step))", comparison.learned),
      ])
    let difference = comparison.difference
    let interval =
      "[\(Format.number(difference.interval.lowerBound)), "
      + "\(Format.number(difference.interval.upperBound))]"
    var lines = [
      "",
      "\(RateComparison.runs) test runs on weights, batches and data that learning did not see:",
      table.text,
      "learned − start: \(Format.number(difference.estimate)), 95 % interval \(interval)",
    ]
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
    lines += [
      "",
      "checkpoint   \(result.folder.checkpoints)/\(result.checkpoint.name)",
      "trajectory   \(result.folder.trajectory)",
    ]
    lines += figures.map { "figure       \($0)" }
    return lines.joined(separator: "\n")
  }
}
