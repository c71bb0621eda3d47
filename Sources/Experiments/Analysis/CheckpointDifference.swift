import Checkpoints
import Configurations
import HDF5Files
import MetaLearning
import Reports
import Settings
import TensorPrograms

/// What tells two checkpoints apart: settings, then rates and weights by tensor.
package struct CheckpointDifference: Sendable {
  /// One of the two.
  private struct Side: Sendable {
    let path: String
    let recorded: RecordedRates
    let weights: [String: Tensor]
    let sharesWeights: Bool

    init(_ path: String, _ laboratory: Laboratory) throws {
      self.path = path
      let tree = try CheckpointFile.read(path)
      recorded = try RecordedRates(tree, path, laboratory)
      sharesWeights = TrainingCheckpoint.hasSharedWeights(tree)
      let group =
        tree.datasets(under: BestDatasets.model).isEmpty || recorded.states[0].isLast
        ? "/model" : BestDatasets.model
      var weights: [String: Tensor] = [:]
      for name in recorded.names {
        if let dataset = tree["\(group)/\(name)"] { weights[name] = try dataset.tensor(at: name) }
      }
      self.weights = weights
    }

    var rates: [String: Tensor] {
      Dictionary(uniqueKeysWithValues: zip(recorded.names, recorded.states[0].rates))
    }
  }

  private let (first, second): (Side, Side)

  /// Reads two checkpoints: of each the best state by validation, or the last where none is known.
  package init(_ first: String, _ second: String, in laboratory: Laboratory) throws {
    self.first = try Side(first, laboratory)
    self.second = try Side(second, laboratory)
  }

  /// Tables and sentences.
  package var text: String {
    [
      "A  \(first.path)\n   \(first.recorded.states[0].text)",
      "B  \(second.path)\n   \(second.recorded.states[0].text)\n", settingsText, tensorsText,
      ratesText, weightsText,
    ].compactMap { $0 }.joined(separator: "\n")
  }

  private var settingsText: String {
    let differences = SettingDifferences(
      there: first.recorded.configuration, here: second.recorded.configuration
    ).differences
    guard !differences.isEmpty else { return "All settings are the same.\n" }
    return Table(
      [.left("setting"), .left("A"), .left("B")],
      rows: differences.map { [$0.key, $0.there ?? "—", $0.here ?? "—"] }
    ).text
  }

  /// Tensors that one of the two has alone, or that have other shapes; nil where there are none.
  private var tensorsText: String? {
    let (a, b) = (first.recorded.names, second.recorded.names)
    let lines =
      a.filter { !b.contains($0) }.map { "  \($0): A alone" }
      + b.filter { !a.contains($0) }.map { "  \($0): B alone" }
      + common.filter { shape($0, first) != shape($0, second) }.map {
        "  \($0): \(shape($0, first)) in A, \(shape($0, second)) in B"
      }
    return lines.isEmpty
      ? nil : "Not compared:\n" + lines.joined(separator: "\n") + "\n"
  }

  private var common: [String] {
    first.recorded.names.filter(second.recorded.names.contains)
  }

  private var comparable: [String] {
    common.filter { shape($0, first) == shape($0, second) }
  }

  /// The parameters' shape where it is known: weights have no time axis.
  private func shape(_ name: String, _ side: Side) -> Shape {
    side.weights[name]?.shape ?? side.rates[name]?.shape ?? .scalar
  }

  private var ratesText: String? {
    guard !comparable.isEmpty else { return nil }
    var (allA, allB): ([Double], [Double]) = ([], [])
    var rows: [[String]] = []
    for name in comparable {
      let count = shape(name, first).count
      let a = RateAnalysis.meansOverTime(first.rates[name]!.doubles, count)
      let b = RateAnalysis.meansOverTime(second.rates[name]!.doubles, count)
      rows.append(row(name, a, b))
      (allA, allB) = (allA + a, allB + b)
    }
    rows.append(row("all", allA, allB))
    let isTimed = comparable.contains { name in
      [first, second].contains { $0.rates[name]!.shape.count > shape(name, first).count }
    }
    return "Rates\(isTimed ? ", means over time" : ""): B / A, and their rank correlation:\n\n"
      + Table(
        [
          .left("rates"), .right("numbers"), .right("same"), .right("5 %"), .right("50 %"),
          .right("95 %"), .right("correlation"),
        ], rows: rows
      ).text
  }

  private func row(_ name: String, _ a: [Double], _ b: [Double]) -> [String] {
    let ratios = zip(a, b).filter { $0 != 0 && ($0 > 0) == ($1 > 0) }.map { $1 / $0 }
    let quantiles =
      ratios.isEmpty
      ? ["—", "—", "—"]
      : [0.05, 0.5, 0.95].map { Format.number(Summary(ratios).quantile($0)) }
    return [
      name, "\(a.count)", Format.percent(Double(zip(a, b).count { $0 == $1 }) / Double(a.count)),
    ]
      + quantiles + [RankCorrelation.spearman(a, b).map(Format.correlation) ?? "—"]
  }

  private var weightsText: String {
    guard first.sharesWeights && second.sharesWeights else {
      return "Weights: "
        + (first.sharesWeights || second.sharesWeights
          ? "\(first.sharesWeights ? "A" : "B") alone has initial weights that its runs share."
          : "each run draws its own; there are none to compare.") + "\n"
    }
    let rows = comparable.compactMap { name -> [String]? in
      guard let a = first.weights[name]?.doubles, let b = second.weights[name]?.doubles else {
        return nil
      }
      let norm = a.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let distance = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      return [
        name, Format.number(norm), Format.number(b.reduce(0) { $0 + $1 * $1 }.squareRoot()),
        norm > 0 ? Format.number(distance / norm) : "—",
      ]
    }
    return "Initial weights that runs share: norms, and the norm of the difference over A's:\n\n"
      + Table(
        [.left("weights"), .right("A"), .right("B"), .right("difference")], rows: rows
      ).text
  }
}
