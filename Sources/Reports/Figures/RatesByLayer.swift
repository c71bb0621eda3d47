/// The learned rates of every tensor as a fan of quantiles, a row each, the first layer on top.
///
/// Light bar 5–95 %, dark bar 25–75 %, a stroke at the median, and a dashed line at the rate that
/// learning began with. The axis is logarithmic while all rates shown are positive; otherwise it is
/// logarithmic both ways around zero, or linear where that is enough.
package struct RatesByLayer: Figure {
  /// One row.
  package struct Tensor: Sendable {
    /// What the row is called.
    package let name: String
    /// The quantiles at 5, 25, 50, 75 and 95 %.
    package let quantiles: [Double]
    /// The rate before learning, if it was one for the whole tensor.
    package let initialRate: Double?

    /// The row of a tensor with these rates, one or more; any that is not finite counts as +∞.
    package init(name: String, rates: [Double], initialRate: Double?) {
      let summary = Summary(rates)
      self.name = name
      self.quantiles = RatesByLayer.probabilities.map(summary.quantile)
      self.initialRate = initialRate
    }
  }

  /// What the ends of the bars and the stroke stand for.
  package static let probabilities = [0.05, 0.25, 0.5, 0.75, 0.95]

  /// What stands above, if anything.
  package let title: String
  /// What the rates are.
  package let rateLabel: String
  /// The rows from top to bottom.
  package let tensors: [Tensor]

  /// A figure of some tensors.
  package init(title: String = "", rateLabel: String = "learned rate", tensors: [Tensor]) {
    self.title = title
    self.rateLabel = rateLabel
    self.tensors = tensors
  }

  /// A line for each tensor.
  package var csv: String {
    CSV.line(["row", "q05", "q25", "q50", "q75", "q95", "initial", "tensor"])
      + tensors.enumerated().map { index, tensor in
        CSV.line(
          [String(index + 1)] + tensor.quantiles.map(CSV.number)
            + [CSV.number(tensor.initialRate), tensor.name])
      }.joined()
  }

  /// Bars from light to dark, then strokes, the initial rate on top.
  package func script(named name: String) -> String {
    let values = tensors.flatMap { $0.quantiles + [$0.initialRate].compactMap { $0 } }
    let axis = FigureAxis(FigureAxis.suitable(for: values), covering: values)
    let layout = RowLayout(tensors.map(\.name))
    var script = GnuplotScript(
      name: name, title: title, legend: legend, height: layout.height)
    script.addHorizontal(axis, label: rateLabel, room: layout.room)
    script.add(layout.commands)
    script.add(
      "left = \(axis.range.lowerBound)",
      "right = \(axis.range.upperBound)",
      "inside(rate) = (rate < left ? left : rate > right ? right : rate)",
      "set style fill solid 1 noborder")
    var elements = [
      bar(from: 2, to: 6, reach: 0.16, color: "#a6cbe3"),
      bar(from: 3, to: 5, reach: 0.27, color: "#0072b2"),
      stroke(at: 4, reach: 0.27, style: "linewidth 3 linecolor rgb '#000000'"),
    ]
    if hasInitialRate {
      elements.append(
        stroke(at: 7, reach: 0.5, style: "linewidth 2 dashtype (8,5) linecolor rgb '#d55e00'"))
    }
    let titled = zip(elements, legend).map { "\($0) title \(GnuplotScript.legendTitle($1))" }
    return script.text(plotting: tensors.isEmpty ? [] : titled)
  }

  private var hasInitialRate: Bool { tensors.contains { $0.initialRate != nil } }

  private var legend: [String] {
    ["5–95 %", "25–75 %", "median"] + (hasInitialRate ? ["initial rate"] : [])
  }

  private func bar(from: Int, to: Int, reach: Double, color: String) -> String {
    "using (inside($\(from))):1:(inside($\(from))):(inside($\(to))):($1-\(reach)):($1+\(reach))"
      + " with boxxyerror linecolor rgb '\(color)'"
  }

  private func stroke(at column: Int, reach: Double, style: String) -> String {
    "using (inside($\(column))):($1-\(reach)):(0):(\(2 * reach))"
      + " with vectors nohead \(style)"
  }
}
