import Foundation
import MetaLearning
import Reports
import Settings
import TensorPrograms

/// An analysis of learned rates in tables and words.
extension RateAnalysis {
  /// All of it.
  package var text: String {
    [
      "\(path)\n\(stateText)\n", quantilesText, timeText, varianceText, factorText, correlationText,
      unmovedText, stabilityText,
    ].compactMap { $0 }.joined(separator: "\n")
  }

  private var quantilesText: String {
    let typical = RateStatistics.typical(initial)
    let tensors = layout.parameters.paths.enumerated().map { ("\($1)", [$0]) }
    let layers = layout.parameters.layers.map { layer in
      (layer, layout.parameters.paths.indices.filter { layout.parameters.paths[$0].layer == layer })
    }
    // A layer of one tensor stands there already.
    let groups = tensors + layers.filter { $0.1.count > 1 } + [("all", Array(tensors.indices))]
    let rows = groups.map { name, members -> [String] in
      let statistics = RateStatistics(
        members.flatMap { rates[$0].doubles },
        parameterization: configuration.rates.parameterization, typical: typical)
      let count = members.reduce(0) { $0 + layout.parameters.shapes[$1].count }
      return [name, "\(count)"] + statistics.quantiles.map(Format.minus)
        + [Format.percent(statistics.fractionNegative), Format.percent(statistics.fractionAtBound)]
    }
    return "Rates by tensor and layer"
      + (layout.timeRows == nil ? "" : ", of all times together") + ":\n\n"
      + Table(
        [.left("rates"), .right("parameters")]
          + RateStatistics.levels.map { .right("\(Int(($0 * 100).rounded())) %") }
          + [.right("negative"), .right("at bound")], rows: rows
      ).text
  }

  /// Geometric means at moments of the run; nil where rates are constant.
  private var timeText: String? {
    guard
      let count = rates.first.map({ $0.shape.count / max(1, layout.parameters.shapes[0].count) }),
      count > 1
    else { return nil }
    let shown = (0...4).map { $0 * (count - 1) / 4 }.unique
    let rows = zip(layout.parameters.paths, rates).map { path, tensor -> [String] in
      let values = tensor.doubles
      let size = values.count / count
      return ["\(path)"]
        + shown.map { row in
          let own = values[row * size..<(row + 1) * size]
          guard own.allSatisfy({ $0 > 0 }) else { return "—" }
          return Format.number(exp(own.reduce(0) { $0 + log($1) } / Double(max(1, size))))
        }
    }
    return "Geometric means over a run, by rows of its time axis (\(count)):\n\n"
      + Table([.left("rates")] + shown.map { .right("row \($0 + 1)") }, rows: rows).text
  }

  private var varianceText: String {
    let negative =
      variance.positive == variance.count
      ? ""
      : " \(variance.count - variance.positive) of \(variance.count) rates are not above 0 and have none."
    let heading =
      "Variance of the logarithms of rates that coarser rates would have"
      + (layout.timeRows == nil ? "" : ", of means over time")
      + "; standard deviation \(Format.number(variance.spread)).\(negative)"
    guard let residual = variance.residual else {
      let reason = variance.positive == 0 ? "No rate has one" : "All rates are equal"
      return "\(heading)\n\(reason): there is nothing to explain.\n"
    }
    let rows = variance.rows.map { row in
      [
        row.name, "\(row.fit.parameters)", row.fit.share.map(Format.percent) ?? "—",
        Format.percent(row.fit.chance),
      ]
    }
    return heading + "\n\n"
      + Table(
        [.left("rates"), .right("numbers"), .right("explained"), .right("of noise")],
        rows: rows + [["what only single parameters have", "", Format.percent(residual), ""]]
      ).text
      + "Of noise: what as many numbers explain of pure noise on average.\n"
  }

  private var factorText: String? {
    let lines = variance.factors.compactMap { factor -> String? in
      guard let share = factor.fit.share else { return nil }
      return
        "\(Format.number(factor.base)) · \(Format.number(factor.factor))^\(factor.index.rawValue)"
        + ", R² \(Format.number(share))"
    }
    return lines.isEmpty
      ? nil : "Best-fitting layer factors: " + lines.joined(separator: "; ") + ".\n"
  }

  private var correlationText: String {
    let correlations = RateCorrelations(self)
    let rows = correlations.rows.map { name, values in
      [name] + values.map { $0.map(Format.correlation) ?? "—" }
    }
    let curvature =
      curvatureProbes.map { "by \($0) random probes" } ?? "exact"
    return
      "Rank correlations (Spearman) of rates with what one validation run of "
      + "\(Format.count(moments[moments.count - 1].step, "step")) shows; the Hessian's diagonal is \(curvature), of the training "
      + "loss of its first batches:\n\n"
      + Table(
        [.left("rates")] + correlations.quantities.map { .right($0.name) }, rows: rows
      ).text
  }

  private var unmovedText: String {
    let unmoved = UnmovedRates(self)
    guard !unmoved.rows.isEmpty else {
      return "All rates moved by more than 1 % from where learning started.\n"
    }
    let rows = unmoved.rows.flatMap { row in
      row.reasons.enumerated().map { index, reason in
        [
          index == 0 ? row.tensor : "", index == 0 ? "\(row.count) of \(row.parameters)" : "",
          "\(reason.count)", reason.text,
        ]
      }
    }
    return "Rates within 1 % of where learning started:\n\n"
      + Table([.left("rates"), .right("unmoved"), .right("of these"), .left("why")], rows: rows)
      .text
  }

  private var stabilityText: String {
    let rows = moments.map {
      ["\($0.step)", $0.sharpness.isNaN ? "—" : Format.number($0.sharpness)]
    }
    return "Greatest eigenvalue of A^½ H A^½ along that run, A being rates times the schedule"
      + (stabilityEdge.map {
        "; plain steps on a quadratic are stable below \(Format.number($0))"
      } ?? "") + ":\n\n"
      + Table([.right("inner step"), .right("eigenvalue")], rows: rows).text
  }
}
