import Foundation

/// Numbers as people read them.
package enum Format {
  /// Four significant digits, in powers of ten where that is shorter.
  package static func number(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "not a number" : "diverged" }
    if value == 0 { return "0" }
    let size = abs(value)
    if size >= 1e6 || size < 1e-4 { return String(format: "%.3e", value) }
    let digits = max(0, 3 - Int(Foundation.log10(size).rounded(.down)))
    return String(format: "%.\(min(digits, 7))f", value)
  }

  /// The same with a minus sign as tables show it.
  package static func minus(_ value: Double) -> String {
    (value < 0 ? "−" : "") + (value.isInfinite ? "∞" : number(abs(value)))
  }

  /// The same of a difference: with its sign, where it is not 0.
  package static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + minus(value) }

  /// For example `[−0.1, 0.2]`, each end by a format of its own.
  package static func interval(
    _ interval: ClosedRange<Double>, _ end: (Double) -> String = minus
  ) -> String {
    "[\(end(interval.lowerBound)), \(end(interval.upperBound))]"
  }

  /// For example `96.4 %`.
  package static func percent(_ fraction: Double) -> String {
    String(format: "%.1f %%", 100 * fraction)
  }

  /// For example `+0.34`.
  package static func correlation(_ value: Double) -> String {
    let text = String(format: "%.2f", abs(value))
    return (text == "0.00" ? "" : value < 0 ? "−" : "+") + text
  }

  /// For example `1:05` minutes, or `12 s`.
  package static func duration(_ seconds: Double) -> String {
    // What a file says may be any number.
    guard seconds.isFinite, abs(seconds) < 1e15 else { return "\(number(seconds)) s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return String(format: "%d:%02d min", whole / 60, whole % 60) }
    return String(format: "%d:%02d h", whole / 3600, whole / 60 % 60)
  }

  /// For example `3 seeds`, or `1 seed`.
  package static func count(_ number: Int, _ word: String) -> String {
    "\(number) \(word)\(number == 1 ? "" : "s")"
  }

  /// For example `12.3 MB`.
  package static func bytes(_ count: Int) -> String {
    switch count {
    case ..<1_000_000: String(format: "%.1f kB", Double(count) / 1e3)
    case ..<10_000_000_000: String(format: "%.1f MB", Double(count) / 1e6)
    default: String(format: "%.1f GB", Double(count) / 1e9)
    }
  }
}
