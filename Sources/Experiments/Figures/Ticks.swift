import Foundation

/// Round numbers along an axis, and their labels.
enum Ticks {
  /// Between four and nine multiples of 1, 2 or 5 times a power of ten.
  static func linear(_ range: ClosedRange<Double>) -> [Double] {
    let step = roundStep(range.upperBound - range.lowerBound)
    let first = Int((range.lowerBound / step - 1e-9).rounded(.up))
    let last = Int((range.upperBound / step + 1e-9).rounded(.down))
    return first > last ? [] : (first...last).map { multiple($0, of: step) }
  }

  /// Powers of ten over two decades and more, also their multiples by 2 and 5 below that, and over
  /// less than a factor of three the same as on a linear axis.
  static func logarithmic(_ range: ClosedRange<Double>) -> [Double] {
    let decades = log10(range.upperBound / range.lowerBound)
    if decades < 0.5 { return linear(range).filter { $0 > 0 } }
    let first = Int(floor(log10(range.lowerBound)))
    let last = Int(ceil(log10(range.upperBound)))
    let digits: [Double] = decades < 2.2 ? [1, 2, 5] : [1]
    let stride = max(1, Int((decades / 8).rounded(.up)))
    return (first...last).filter { $0 % stride == 0 }
      .flatMap { exponent in digits.map { $0 * power(exponent) } }
      .filter { range.lowerBound * (1 - 1e-9) <= $0 && $0 <= range.upperBound * (1 + 1e-9) }
  }

  /// Zero and powers of ten both ways, from the threshold outwards.
  static func symmetric(_ range: ClosedRange<Double>, threshold: Double) -> [Double] {
    let first = Int(log10(threshold).rounded())
    let greatest = max(abs(range.lowerBound), abs(range.upperBound))
    let last = max(first, Int(floor(log10(greatest))))
    let stride = max(1, (last - first + 3) / 4)
    let powers = Swift.stride(from: last, through: first, by: -stride).map(power)
    return (powers.map { -$0 } + [0] + powers.reversed()).filter(range.contains)
  }

  /// Labels as gnuplot's enhanced text: plain between 0.001 and 9999, else with a power of ten.
  static func labels(of ticks: [Double], isLinear: Bool) -> [String] {
    let magnitudes = ticks.map(abs).filter { $0 > 0 }
    guard let least = magnitudes.min(), let greatest = magnitudes.max() else {
      return ticks.map { _ in "0" }
    }
    if isLinear && greatest < 1e5 && greatest >= 1e-3 {
      // The same number of decimals throughout.
      let spacing = ticks.count > 1 ? ticks[1] - ticks[0] : greatest
      let decimals = max(0, min(9, Int(-floor(log10(spacing) + 1e-9))))
      return ticks.map { signed(String(format: "%.\(decimals)f", $0)) }
    }
    let isPlain = least >= 0.999e-3 && greatest < 1e4
    return ticks.map { tick in
      if tick == 0 { return "0" }
      if isPlain { return signed(String(format: "%.10g", tick)) }
      let exponent = Int(floor(log10(abs(tick)) + 1e-9))
      let digits = String(format: "%.6g", abs(tick) / power(exponent))
      let sign = tick < 0 ? "−" : ""
      return sign + (digits == "1" ? "" : digits + "×") + "10^{\(signed(String(exponent)))}"
    }
  }

  /// A tenth to a third of a length, rounded to 1, 2 or 5 times a power of ten.
  private static func roundStep(_ length: Double) -> Double {
    let exponent = Int(floor(log10(length / 5)))
    let digits = length / 5 / power(exponent)
    return (digits < 1.5 ? 1 : digits < 3.5 ? 2 : digits < 7.5 ? 5 : 10) * power(exponent)
  }

  /// k·step, free of the rounding of a step such as 0.1.
  private static func multiple(_ count: Int, of step: Double) -> Double {
    step < 1 ? Double(count) / (1 / step).rounded(toDigits: 12) : Double(count) * step
  }

  /// A power of ten, the nearest number to it.
  private static func power(_ exponent: Int) -> Double {
    Double("1e\(exponent)") ?? pow(10, Double(exponent))
  }

  private static func signed(_ number: String) -> String {
    number.hasPrefix("-") ? "−" + number.dropFirst() : number
  }
}

extension Double {
  /// The number with so many significant digits.
  fileprivate func rounded(toDigits digits: Int) -> Double {
    Double(String(format: "%.\(digits)g", self)) ?? self
  }
}
