import Checkpoints
import Files
import Foundation
import MetaLearning
import Reports
import TensorPrograms

/// An analysis as files: a table of all parameters, and pictures.
extension RateAnalysis {
  /// Writes `analysis.txt`, `parameters.csv` and `figures/` into a folder.
  ///
  /// - Returns: the pictures, or what kept them from being drawn.
  package func write(to path: String) throws -> [String] {
    let folder = RunFolder(path)
    try RunFolder.make(path)
    try AtomicFile.write(Array(text.utf8), to: "\(path)/analysis.txt")
    try AtomicFile.write(Array(csv.utf8), to: "\(path)/parameters.csv")
    return figures.map { RunFigures.draw($1, named: $0, in: folder) }
  }

  /// One row for each parameter.
  private var csv: String {
    let (first, last) = (moments[0], moments[moments.count - 1])
    var lines = [
      CSV.line([
        "tensor", "position", "rate", "initial_rate", "curvature_start", "curvature_end",
        "gradient_variance_end", "weight_magnitude_end", "input_variance",
      ])
    ]
    for (tensor, name) in layout.parameters.paths.enumerated() {
      let count = layout.parameters.shapes[tensor].count
      let columns = [
        Self.meansOverTime(rates[tensor].doubles, count),
        Self.meansOverTime(initial[tensor].doubles, count),
        first.curvature[tensor].doubles, last.curvature[tensor].doubles,
        last.gradientVariance[tensor].doubles, last.weights[tensor].doubles.map(abs),
      ]
      let inputs = inputs(of: tensor)
      for position in 0..<count {
        lines.append(
          CSV.line(
            ["\(name)", "\(position)"] + columns.map { CSV.number($0[position]) }
              + [CSV.number(inputs?[position])]))
      }
    }
    return lines.joined()
  }

  /// The mean over time of each parameter's rates, of which there are so many a row.
  static func meansOverTime(_ values: [Double], _ count: Int) -> [Double] {
    let rows = max(1, values.count / max(1, count))
    return (0..<count).map { position in
      (0..<rows).reduce(0) { $0 + values[$1 * count + position] } / Double(rows)
    }
  }

  /// The rate of each parameter of a tensor as pictures show it: its geometric mean over time, not
  /// a number where it is not above 0.
  private func shown(_ tensor: Int) -> [Double] { logarithms[tensor].map { $0.map(exp) ?? .nan } }

  /// Of which rates a picture is, the second line of its title.
  private var source: String {
    "\n\(configuration.name), seed \(configuration.seed); outer step \(step)"
  }

  private var figures: [(String, any Figure)] {
    [("variance-explained", shares), ("rate-against-curvature", scatter)] + maps + pixels
  }

  private var shares: any Figure {
    let residual = variance.residual.map {
      ShareFigure.Row(name: "only single parameters", share: $0, chance: nil)
    }
    return ShareFigure(
      title: "What tells \(variance.positive) learned rates apart" + source,
      xLabel: "share of the variance of log rates",
      rows: variance.rows.compactMap { row in
        row.fit.share.map { ShareFigure.Row(name: row.name, share: $0, chance: row.fit.chance) }
      } + [residual].compactMap { $0 })
  }

  private var scatter: any Figure {
    let last = moments[moments.count - 1]
    return ScatterFigure(
      title: "Learned rates against curvature" + source,
      xLabel: "1 / |diagonal of the Hessian| after \(Format.count(last.step, "inner step"))",
      yLabel: "learned rate",
      series: layout.parameters.paths.enumerated().map { tensor, name in
        ScatterFigure.Series(
          name: "\(name)",
          points: zip(last.curvature[tensor].doubles, shown(tensor)).map { (1 / abs($0), $1) })
      })
  }

  /// Rates of tensors of two axes, and the weights that one run with them comes to.
  private var maps: [(String, any Figure)] {
    layout.parameters.paths.enumerated().compactMap { tensor, name -> [(String, any Figure)]? in
      let shape = layout.parameters.shapes[tensor]
      guard shape.rank == 2, shape[0] > 1, shape[1] > 1, shape.count <= 1 << 18 else { return nil }
      func map(
        _ word: String, _ title: String, _ label: String, _ coloring: HeatMap.Coloring,
        _ values: [Double]
      ) -> (String, any Figure) {
        (
          "\(word)-\(name.description.replacing("/", with: "-"))",
          HeatMap(
            title: title + source, xLabel: "output", yLabel: "input",
            valueLabel: label, coloring: coloring,
            rows: (0..<shape[0]).map { Array(values[$0 * shape[1]..<($0 + 1) * shape[1]]) })
        )
      }
      let last = moments[moments.count - 1]
      return [
        map("rates", "Learned rates of \(name)", "rate", .logarithmic, shown(tensor)),
        map(
          "weights", "Weights of \(name) after \(Format.count(last.step, "step"))", "weight",
          .diverging,
          last.weights[tensor].doubles),
      ]
    }.flatMap(\.self)
  }

  /// Rates of what the model reads as a picture of it, where that is square.
  private var pixels: [(String, any Figure)] {
    layout.parameters.paths.enumerated().compactMap { tensor, name in
      let (shape, axes) = (layout.parameters.shapes[tensor], layout.parameters.axes[tensor])
      guard shape.rank == 2, axes.first?.units?.parts.map(\.name) == [Units.inputs] else {
        return nil
      }
      let side = Int(Double(shape[0]).squareRoot().rounded())
      guard side > 2, side * side == shape[0] else { return nil }
      let means = (0..<shape[0]).map { input -> Double in
        let own = logarithms[tensor][input * shape[1]..<(input + 1) * shape[1]].compactMap { $0 }
        return own.isEmpty ? .nan : exp(own.reduce(0, +) / Double(own.count))
      }
      return (
        "rates-by-input",
        HeatMap(
          title: "Rates by input, geometric means" + source,
          xLabel: "column", yLabel: "row", valueLabel: "rate",
          rows: (0..<side).map { Array(means[$0 * side..<($0 + 1) * side]) })
      )
    }
  }
}
