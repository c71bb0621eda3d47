import Foundation

/// Round numbers along an axis, and their labels.
enum Ticks {
  /// Four to twelve multiples of 1, 2 or 5 times a power of ten.
  static func linear(_ range: ClosedRange<Double>) -> [Double] {
    let step = roundStep(range.upperBound - range.lowerBound)
    let first = Int((range.lowerBound / step - 1e-9).rounded(.up))
    let last = Int((range.upperBound / step + 1e-9).rounded(.down))
    return first > last ? [] : (first...last).map { multiple($0, of: step) }
  }

  /// Powers of ten where there are three of them over two decades and more, else also their
  /// multiples by 2 and 5; the same as on a linear axis where fewer than three of these are in the
  /// range.
  static func logarithmic(_ range: ClosedRange<Double>) -> [Double] {
    let decades = log10(range.upperBound / range.lowerBound)
    let first = Int(floor(log10(range.lowerBound)))
    let last = Int(ceil(log10(range.upperBound)))
    let stride = max(1, Int((decades / 8).rounded(.up)))
    let (least, greatest) = (range.lowerBound * (1 - 1e-9), range.upperBound * (1 + 1e-9))
    func multiples(_ digits: [Double]) -> [Double] {
      (first...last).filter { $0 % stride == 0 }.flatMap { exponent in
        digits.map { $0 * power(exponent) }.filter { least <= $0 && $0 <= greatest }
      }
    }
    let powers = decades < 2.2 ? [] : multiples([1])
    let ticks = powers.count < 3 ? multiples([1, 2, 5]) : powers
    // A short axis may lie between them.
    return ticks.count < 3 ? linear(range).filter { $0 > 0 } : ticks
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

  /// Every second tick, or fourth and so on, until the labels fit side by side into so many
  /// characters; zero stays, if it is among them.
  static func thinned(_ ticks: [Double], toFit room: Int) -> [Double] {
    let widths = labels(of: ticks).map { $0.filter { !"^{}".contains($0) }.count + 3 }
    guard ticks.count > 2, widths.reduce(0, +) > room else { return ticks }
    let kept = (ticks.firstIndex(of: 0) ?? 0) % 2
    return thinned(ticks.indices.filter { $0 % 2 == kept }.map { ticks[$0] }, toFit: room)
  }

  /// Labels as gnuplot's enhanced text: evenly spaced ticks up to ten million with the same number
  /// of decimals, others plain between 0.001 and 9999, the rest with a power of ten.
  static func labels(of ticks: [Double]) -> [String] {
    let magnitudes = ticks.map(abs).filter { $0 > 0 }
    guard let least = magnitudes.min(), let greatest = magnitudes.max() else {
      return ticks.map { _ in "0" }
    }
    if isEven(ticks) && greatest < 1e7 && greatest >= 1e-3 {
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
      let digits = String(format: "%.10g", abs(tick) / power(exponent))
      let sign = tick < 0 ? "−" : ""
      return sign + (digits == "1" ? "" : digits + "×") + "10^{\(signed(String(exponent)))}"
    }
  }

  /// A twelfth to a quarter of a length, rounded to 1, 2 or 5 times a power of ten.
  private static func roundStep(_ length: Double) -> Double {
    let exponent = Int(floor(log10(length / 6)))
    let digits = length / 6 / power(exponent)
    return (digits < 1.5 ? 1 : digits < 3.5 ? 2 : digits < 7.5 ? 5 : 10) * power(exponent)
  }

  /// k·step, free of the rounding of a step such as 0.1.
  private static func multiple(_ count: Int, of step: Double) -> Double {
    step < 1 ? Double(count) / (1 / step).rounded(toDigits: 12) : Double(count) * step
  }

  private static func isEven(_ ticks: [Double]) -> Bool {
    guard ticks.count > 2 else { return ticks.count == 2 }
    let spacing = ticks[1] - ticks[0]
    return zip(ticks, ticks.dropFirst()).allSatisfy { abs($1 - $0 - spacing) < 1e-6 * spacing }
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
