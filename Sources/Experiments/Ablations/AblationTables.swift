import MetaLearning
import Reports

/// What is the same at all horizons, and all of them side by side, as tables.
extension Ablation {
  /// Mean losses after test runs of each length.
  var horizonTable: Table {
    Table(
      [.left("test loss by horizon")] + comparisons.map { .right(Format.count($0.steps, "step")) },
      rows: arms.indices.map { index in
        [arms[index][0].name]
          + comparisons.map { Format.number(Summary($0.arms[index].means).mean) }
      })
  }

  /// The last arm against each of the others after test runs of each length.
  var verdictTable: Table {
    Table(
      [.left("paired difference by horizon")]
        + comparisons.map { .left(Format.count($0.steps, "step")) },
      rows: comparisons[0].differences.indices.map { index in
        let row = comparisons.map { $0.differences[index] }
        return [row[0].difference.name] + row.map(\.text)
      })
  }

  /// What choosing cost.
  var costTable: Table {
    Table(
      [
        .left("cost of choosing"), .right("gradients"), .right("Hessian-vector products"),
        .right("gradient equivalents"), .right("seconds"),
      ],
      rows: arms.map { cells in
        func mean(_ number: (AblationCell) -> Int) -> String {
          "\((cells.map(number).reduce(0, +) + cells.count / 2) / cells.count)"
        }
        return [
          cells[0].name, mean(\.gradients), mean(\.products), mean(\.budget.gradientEquivalents),
          Format.number(cells.map(\.seconds).reduce(0, +) / Double(cells.count)),
        ]
      })
  }

  /// What was chosen in each repetition.
  var choiceTable: Table {
    Table(
      [.left("chosen by")]
        + (0..<repetitions).map { .left("seed \(configuration.repeated($0).seed)") },
      rows: arms.map { cells in [cells[0].name] + cells.map(\.choice) })
  }
}

extension JudgedDifference {
  /// `−0.0313, lower, 5 of 5`.
  fileprivate var text: String {
    let loss = difference.loss
    return [
      loss.isOfDivergedRuns
        ? "—"
        : Format.signed(loss.estimate) + (loss.estimand == .median ? " (median)" : ""),
      loss.count > 1 ? "\(verdict), \(difference.wins) of \(loss.count)" : "",
    ].filter { !$0.isEmpty }.joined(separator: ", ")
  }
}
