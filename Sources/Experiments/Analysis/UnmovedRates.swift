import MetaLearning
import TensorPrograms

/// Rates that stayed where learning started, and why.
struct UnmovedRates: Sendable {
  /// One tensor's.
  struct Row: Sendable {
    let tensor: String
    /// Parameters whose rates moved by no more than 1 %.
    let count: Int
    let parameters: Int
    /// Reasons with how many parameters each holds for.
    let reasons: [(text: String, count: Int)]
  }

  /// Tensors with such rates.
  let rows: [Row]

  init(_ analysis: RateAnalysis) {
    let parameters = analysis.layout.parameters
    let learnsRates = analysis.configuration.outer.learning.changesRates
    let scale = analysis.moments.flatMap { $0.gradientMeanSquare.flatMap(\.doubles) }.max() ?? 0
    var rows: [Row] = []
    for (index, path) in parameters.paths.enumerated() {
      let (now, before) = (analysis.rates[index].doubles, analysis.initial[index].doubles)
      let count = parameters.shapes[index].count
      let squares = analysis.moments.map { $0.gradientMeanSquare[index].doubles }
      let constant = UnmovedRates.readsConstant(analysis, tensor: index)
      var reasons: [(text: String, count: Int)] = []
      var unmoved = 0
      for parameter in 0..<count {
        let isStill = stride(from: parameter, to: now.count, by: count).allSatisfy { place in
          let start = before[before.count == now.count ? place : parameter]
          return abs(now[place] - start) <= 0.01 * abs(start)
        }
        guard isStill else { continue }
        unmoved += 1
        let greatest = squares.map { $0[parameter] }.max() ?? 0
        let reason =
          !learnsRates
          ? "rates were not learned"
          : greatest == 0 && constant[parameter]
            ? "its input is 0 in all examples"
            : greatest == 0
              ? "no gradient reaches it (a dead unit)"
              : greatest <= 1e-13 * scale
                ? "its gradient is rounding (what follows takes a shift out)"
                : analysis.step == 0
                  ? "a gradient reaches it, and this is the state before learning"
                  : "a gradient reaches it"
        if let known = reasons.firstIndex(where: { $0.text == reason }) {
          reasons[known].count += 1
        } else {
          reasons.append((reason, 1))
        }
      }
      guard unmoved > 0 else { continue }
      rows.append(
        Row(tensor: "\(path)", count: unmoved, parameters: count, reasons: reasons))
    }
    self.rows = rows
  }

  /// For each parameter of a tensor, whether what it multiplies is a number that does not vary.
  private static func readsConstant(_ analysis: RateAnalysis, tensor: Int) -> [Bool] {
    guard let variance = analysis.inputs(of: tensor) else {
      return [Bool](repeating: false, count: analysis.layout.parameters.shapes[tensor].count)
    }
    return variance.map { $0 == 0 }
  }
}

extension RateAnalysis {
  /// The variance of the number that each parameter of a tensor multiplies; nil where that is not
  /// what the model reads.
  func inputs(of tensor: Int) -> [Double]? {
    let (shape, axes) = (layout.parameters.shapes[tensor], layout.parameters.axes[tensor])
    guard let inputVariance,
      let axis = axes.firstIndex(where: { $0.units?.parts.map(\.name) == [Units.inputs] }),
      shape[axis] == inputVariance.count
    else { return nil }
    let below = shape.extents[(axis + 1)...].reduce(1, *)
    return (0..<shape.count).map { inputVariance[$0 / below % shape[axis]] }
  }
}
