import Foundation

/// A scale with its range and labelled ticks, chosen here rather than by gnuplot: so that no label
/// is missing on a short logarithmic axis, and the script alone says what will be drawn.
struct FigureAxis: Sendable, Equatable {
  /// How values become lengths.
  enum Scale: Sendable, Equatable {
    /// In proportion.
    case linear
    /// By their logarithms; values are positive.
    case logarithmic
    /// By asinh(value/threshold): logarithmic both ways, linear around zero.
    case symmetric(threshold: Double)
  }

  /// How values become lengths.
  let scale: Scale
  /// The ends.
  let range: ClosedRange<Double>
  /// Where the labels stand.
  let ticks: [Double]

  /// Where there is some space between the values and the end of the axis.
  enum Air: Sendable {
    /// At both ends.
    case around
    /// At both ends, but a linear axis does not begin below zero for values that do not.
    case aboveZero
    /// Nowhere.
    case none
  }

  /// An axis that shows all the finite values.
  ///
  /// A logarithmic axis passes over values that are not positive; without any value the range is
  /// that from 0 to 1 (from 0.1 to 1).
  init(_ scale: Scale, covering values: [Double], air: Air = .around) {
    self.scale = scale
    // Beyond 10^±150 ratios overflow; what lies there is drawn at the edge.
    let shown = values.filter { abs($0) < 1e150 && (scale != .logarithmic || $0 > 1e-150) }
      .map { abs($0) < 1e-150 ? 0 : $0 }
    let (least, greatest) = (shown.min(), shown.max())
    switch scale {
    case .linear:
      let padded = Self.linearRange(least ?? 0, greatest ?? 1, air: air == .none ? 0 : 0.05)
      let isAbove = air == .aboveZero && least ?? 0 >= 0
      range = isAbove ? max(0, padded.lowerBound)...padded.upperBound : padded
      ticks = Ticks.linear(range)
    case .logarithmic:
      range = Self.logarithmicRange(least ?? 0.1, greatest ?? 1, air: air == .none ? 0 : 0.05)
      ticks = Ticks.logarithmic(range)
    case .symmetric(let threshold):
      let ends = Self.linearRange(
        asinh((least ?? 0) / threshold), asinh((greatest ?? 1) / threshold), air: 0.05)
      range = (threshold * sinh(ends.lowerBound))...(threshold * sinh(ends.upperBound))
      ticks = Ticks.symmetric(range, threshold: threshold)
    }
  }

  /// The scale that suits rates: logarithmic if all are positive, else symmetric where they span
  /// more than two decades, else linear.
  static func suitable(for values: [Double]) -> Scale {
    let finite = values.filter(\.isFinite)
    if finite.allSatisfy({ $0 > 0 }) { return .logarithmic }
    let magnitudes = finite.map(abs).filter { $0 > 0 }
    guard let least = magnitudes.min(), let greatest = magnitudes.max(), greatest > 100 * least
    else { return .linear }
    // One rate near zero must not give the axis to decades that nobody else uses.
    return .symmetric(threshold: pow(10, floor(log10(max(least, greatest * 1e-4)))))
  }

  /// The commands that set the axis named `x` or `y`, with labels side by side in `room`
  /// characters.
  func commands(for name: String, room: Int) -> [String] {
    // gnuplot draws no tick at the very end of a logarithmic axis.
    let margin = scale == .logarithmic ? 1e-9 : 0
    let (low, high) = (range.lowerBound * (1 - margin), range.upperBound * (1 + margin))
    var commands = ["set \(name)range [\(low):\(high)]"]
    switch scale {
    case .linear: break
    case .logarithmic: commands.append("set logscale \(name)")
    case .symmetric(let threshold):
      commands.insert(
        "set nonlinear \(name) via asinh(\(name)/\(threshold)) inverse \(threshold)*sinh(\(name))",
        at: 0)
    }
    let ticks = Ticks.thinned(ticks, toFit: room)
    let labels = Ticks.labels(of: ticks)
    let marks = zip(labels, ticks).map { "'\($0)' \($1)" }.joined(separator: ", ")
    commands.append("set \(name)tics (\(marks))")
    return commands
  }

  private static func linearRange(
    _ least: Double, _ greatest: Double, air: Double
  ) -> ClosedRange<Double> {
    if least == greatest {
      let reach = least == 0 ? 1 : abs(least) * 0.1
      return (least - reach)...(greatest + reach)
    }
    let margin = (greatest - least) * air
    return (least - margin)...(greatest + margin)
  }

  private static func logarithmicRange(
    _ least: Double, _ greatest: Double, air: Double
  ) -> ClosedRange<Double> {
    // Two equal values stand in the middle of a decade.
    if least == greatest { return (least / 3)...(greatest * 3) }
    let margin = pow(greatest / least, air)
    return (least / margin)...(greatest * margin)
  }
}
