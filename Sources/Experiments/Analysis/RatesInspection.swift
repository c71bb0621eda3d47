import Checkpoints
import Configurations
import HDF5Files
import MetaLearning
import Reports
import Settings
import TensorPrograms

/// The rates of a checkpoint in tables: those of its best state by validation, and those of its
/// last.
struct RatesInspection {
  private let tree: HDF5Tree
  private let recorded: RecordedRates

  init(_ tree: HDF5Tree, _ path: String, _ laboratory: Laboratory) throws {
    self.tree = tree
    recorded = try RecordedRates(tree, path, laboratory)
  }

  /// A table a state, each under its name, and what the last state's offsets are.
  var texts: [String] {
    get throws { try states + offsets }
  }

  /// The numbers of offsets by term and tensor; nothing where rates have one term.
  private var offsets: [String] {
    get throws {
      let items = tree.datasets(under: "/rates_raw")
        .filter { $0.path.hasPrefix("offset_") && $0.dataset.count > 0 }
      guard !items.isEmpty else { return [] }
      let rows = items.map { path, dataset -> [String] in
        let numbers = Summary(dataset.convertedToDouble())
        return [
          path, "\(numbers.count)", Format.signed(numbers.mean),
          numbers.standardDeviation.map { Format.number($0) } ?? "—",
          Format.signed(numbers.sorted[0]), Format.signed(numbers.sorted[numbers.count - 1]),
        ]
      }
      return [
        Table(
          [
            .left("offset before the parameterization"), .right("numbers"), .right("mean"),
            .right("sd"), .right("least"), .right("greatest"),
          ], rows: rows
        ).text
      ]
    }
  }

  private var states: [String] {
    get throws {
      let knowsBest = recorded.states.contains { $0.objective != nil }
      return try recorded.states.map { state in
        state.text + (knowsBest ? "" : "; no state is known to be the best by validation") + "\n"
          + (try table(state.rates))
      }
    }
  }

  private func table(_ rates: [Tensor]) throws -> String {
    let typical = RateStatistics.typical(recorded.initial)
    let rows = try zip(recorded.names, zip(rates, recorded.initial)).map { name, pair in
      let (rates, start) = (pair.0.doubles, pair.1.doubles)
      guard start.count == rates.count else {
        throw DataError.unsuitable(
          path: recorded.path, found: "rates of \(name) of \(rates.count) numbers",
          expected: "\(start.count), as learning started from")
      }
      let statistics = RateStatistics(
        rates, parameterization: recorded.configuration.rates.parameterization, typical: typical)
      let moved = zip(rates, start).filter { abs($0 - $1) > 0.01 * abs($1) }.count
      return [name, "\(rates.count)"] + statistics.quantiles.map { Format.number($0) } + [
        Format.percent(Double(moved) / Double(max(1, rates.count))),
        Format.percent(statistics.fractionNegative), Format.percent(statistics.fractionAtBound),
      ]
    }
    return Table(
      [.left("rates"), .right("numbers")]
        + RateStatistics.levels.map { .right("\(Int(($0 * 100).rounded())) %") }
        + [.right("moved"), .right("negative"), .right("at bound")],
      rows: rows
    ).text
  }
}
