import Settings
import TensorPrograms

/// A setting that an arm searches, by its key in a configuration.
public struct SearchedSetting: Sendable {
  /// The key: `rates.initial.rate`.
  public let key: String
  /// What is tried.
  public let values: SearchedValues
  /// Where the key was written.
  package let source: ConfigurationSource

  /// Where ranges are checked between their ends: no round numbers.
  private static let fractions = [0.01235, 0.38197, 0.70711]

  /// A setting and what is tried.
  public init(
    _ key: String, _ values: SearchedValues, at source: ConfigurationSource = .defaultValue
  ) {
    (self.key, self.values, self.source) = (key, values, source)
  }

  /// Positive numbers, evenly in their logarithms; widened while the best lies at an end.
  public static func log(_ key: String, _ ends: ClosedRange<Double>) -> SearchedSetting {
    SearchedSetting(key, .drawn(SearchRange(.log, ends)))
  }

  /// Changes by which all that is tried can be checked: to each value, or to the ends of a range
  /// and numbers between them, so that a setting of whole numbers refuses a range that draws
  /// others.
  package var examples: [Change] {
    switch values {
    case .drawn(let range):
      (range.values(count: 2) + Self.fractions.map(range.value(at:))).map { number in
        var node = ConfigurationNode(.plain(number))
        node.source = source
        return Change(key, node)
      }
    case .listed(let values): values.map { Change(key, $0) }
    }
  }
}
