import Checkpoints
import Foundation
import HDF5Files
import MetaLearning
import TensorPrograms

/// What a file says of itself.
package enum Inspection {
  /// The tree, and the table of rates where there are any.
  package static func text(ofFile path: String) throws -> String {
    let tree: HDF5Tree
    do throws(HDF5Error) {
      tree = try HDF5Image.decode(path: path)
    } catch {
      throw DataError(reading: path, error)
    }
    var parts = [treeText(tree)]
    if tree[group: "/"].attributes["format"] == .string(CheckpointSeal.checkpoint.format) {
      try CheckpointSeal.checkpoint.verify(tree, at: path)
      parts.append(try ratesText(tree, path))
      parts += scalarsText(tree)
    }
    return parts.joined(separator: "\n\n")
  }

  private static func treeText(_ tree: HDF5Tree) -> String {
    let rows = tree.paths.compactMap { path in
      tree[path].map { [path, $0.type.rawValue, "\(Shape($0.shape))"] }
    }
    let attributes = tree[group: "/"].attributes.sorted { $0.key < $1.key }.map { name, value in
      switch value {
      case .string(let text): "\(name): \(text)"
      case .integer(let number): "\(name): \(number)"
      case .double(let number): "\(name): \(number)"
      }
    }
    return attributes.joined(separator: "\n") + (attributes.isEmpty ? "" : "\n\n")
      + Table(
        [.left("dataset"), .left("type"), .left("shape")], rows: rows
      ).text
  }

  /// Learned scalars by name; nothing where none were learned.
  private static func scalarsText(_ tree: HDF5Tree) -> [String] {
    let items = tree.datasets(under: "/scalars")
    guard !items.isEmpty else { return [] }
    return [
      Table(
        [.left("learned scalar"), .right("value")],
        rows: items.map { [$0.path, Format.number($0.dataset.convertedToDouble()[0])] }
      ).text
    ]
  }

  private static func ratesText(_ tree: HDF5Tree, _ path: String) throws -> String {
    let configuration = try RunConfiguration(json: TrainingCheckpoint.configuration(of: tree))
    let specification = configuration.rates
    let items = tree.datasets(under: "/rates")
    let model = try tree.datasets(under: "/model").map {
      (name: $0.path, tensor: try $0.dataset.tensor(at: $0.path))
    }
    let layout = RateLayout(
      specification, parameters: ParameterLayout(NamedTensors(model)),
      steps: configuration.inner.steps)
    // Rates that depended on more than the configuration are in the file.
    let kept = try tree.datasets(under: "/rates_initial").map { try $0.dataset.tensor(at: $0.path) }
    let start = kept.isEmpty ? layout.expanded(try layout.initialRaw()) : kept
    let typical = RateStatistics.typical(start)
    let rows = try zip(items, start).map { item, start in
      let rates = item.dataset.convertedToDouble()
      let statistics = RateStatistics(
        rates, parameterization: specification.parameterization,
        typical: typical)
      guard start.shape.count == rates.count else {
        throw DataError.unsuitable(
          path: path, found: "/rates/\(item.path) of \(rates.count) numbers",
          expected: "\(start.shape.count), as the configuration says")
      }
      let moved = zip(rates, start.doubles).filter { abs($0 - $1) > 0.01 * abs($1) }.count
      return [item.path, "\(rates.count)"] + statistics.quantiles.map { Format.number($0) } + [
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
