import Checkpoints
import Configurations
import Foundation
import HDF5Files
import MetaLearning
import Reports
import Settings
import TensorPrograms

/// The rates of a checkpoint in tables: those of its best state by validation, and those of its
/// last.
struct RatesInspection {
  private let tree: HDF5Tree
  private let path: String
  private let configuration: RunConfiguration
  /// Parameter tensors in the model's order.
  private let names: [String]
  /// Effective rates that learning started from, tensor by tensor.
  private let initial: [Tensor]

  init(_ tree: HDF5Tree, _ path: String, _ laboratory: Laboratory) throws {
    self.tree = tree
    self.path = path
    configuration = try RunConfiguration(
      json: TrainingCheckpoint.configuration(of: tree), in: laboratory)
    names =
      try TrainingCheckpoint.parameterOrder(of: tree)
      ?? RatesInspection.usualOrder(tree.datasets(under: "/model").map(\.path))
    let kept = try names.compactMap { try tree["/rates_initial/\($0)"]?.tensor(at: $0) }
    if kept.count == names.count, !kept.isEmpty {
      initial = kept
    } else {
      // Release 0.1.0 kept initial rates only where the configuration alone does not tell them.
      let layout = try RatesInspection.layout(tree, configuration, names)
      func refuse<Measured>(_ batches: Int) throws -> Measured {
        throw CheckpointError.damaged(
          path: path, found: "no rates that learning started from",
          expected: "them in /rates_initial, as they followed from gradients")
      }
      initial = layout.expanded(
        try configuration.rates.initial.unconstrained(
          RateStart(layout: layout, gradientMeanSquares: refuse, gradientCurvatures: refuse)))
    }
  }

  /// The order in which the models of release 0.1.0 visit their tensors, which its files do not
  /// say: layer by layer, weights and scales before biases and offsets.
  private static func usualOrder(_ paths: [String]) -> [String] {
    func key(_ path: String) -> (layer: String, rank: Int) {
      let parts = path.split(separator: "/")
      let isFirst = ["weight", "scale"].contains(parts.last)
      return (parts.dropLast().joined(separator: "/"), isFirst ? 0 : 1)
    }
    // Paths come in the order of their bytes, which decides between equals.
    return paths.enumerated().sorted { left, right in
      let (a, b) = (key(left.element), key(right.element))
      if a.layer != b.layer { return a.layer.utf8.lexicographicallyPrecedes(b.layer.utf8) }
      return (a.rank, left.offset) < (b.rank, right.offset)
    }.map(\.element)
  }

  private static func layout(
    _ tree: HDF5Tree, _ configuration: RunConfiguration, _ names: [String]
  ) throws -> RateLayout {
    let model = try names.map { name in
      (name: name, tensor: try tree.dataset(at: "/model/\(name)").tensor(at: name))
    }
    return RateLayout(
      configuration.rates, parameters: ParameterLayout(NamedTensors(model)),
      steps: configuration.inner.steps)
  }

  /// A table a state, each under its name, and what the last state's offsets are.
  var texts: [String] {
    get throws { try states + offsets }
  }

  /// The numbers of offsets by term and tensor; nothing where rates have one term.
  private var offsets: [String] {
    get throws {
      let items = tree.datasets(under: "/rates_raw").filter { $0.path.hasPrefix("offset_") }
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
      let step = try tree.elements(of: Int64.self, at: "/progress/outer_step", shape: [])[0]
      guard tree[BestDatasets.step] != nil else {
        return [
          "last state: outer step \(step); no state is known to be the best by validation\n"
            + (try table(try rates(under: "/rates")))
        ]
      }
      let best = try tree.elements(of: Int64.self, at: BestDatasets.step, shape: [])[0]
      let objective = try tree.elements(of: Double.self, at: BestDatasets.objective, shape: [])[0]
      let which = best == 0 ? "outer step 0, before learning" : "outer step \(best)"
      let praise =
        "best state by validation: \(which), validation objective \(Format.number(objective))"
      guard best != step else {
        let isLast = !TrainingCheckpoint.holdsBestAlone(tree)
        return [
          "\(praise)\(isLast ? "; it is the last state too" : "")\n"
            + (try table(try rates(under: "/rates")))
        ]
      }
      return [
        "\(praise)\n" + (try table(try bestRates())),
        "last state: outer step \(step)\n" + (try table(try rates(under: "/rates"))),
      ]
    }
  }

  private func rates(under group: String) throws -> [Tensor] {
    try names.map { try tree.dataset(at: "\(group)/\($0)").tensor(at: "\(group)/\($0)") }
  }

  private func bestRates() throws -> [Tensor] {
    guard tree.datasets(under: BestDatasets.rates).isEmpty else {
      return try rates(under: BestDatasets.rates)
    }
    // Release 0.1.0 kept the best state's unconstrained numbers alone.
    let layout = try RatesInspection.layout(tree, configuration, names)
    return layout.expanded(
      try zip(layout.names, layout.types).map { name, type in
        let place = "\(BestDatasets.unconstrainedRates)/\(name)"
        return try tree.dataset(at: place).tensor(of: type, at: place)
      })
  }

  private func table(_ rates: [Tensor]) throws -> String {
    let typical = RateStatistics.typical(initial)
    let rows = try zip(names, zip(rates, initial)).map { name, pair in
      let (rates, start) = (pair.0.doubles, pair.1.doubles)
      guard start.count == rates.count else {
        throw DataError.unsuitable(
          path: path, found: "rates of \(name) of \(rates.count) numbers",
          expected: "\(start.count), as learning started from")
      }
      let statistics = RateStatistics(
        rates, parameterization: configuration.rates.parameterization, typical: typical)
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
