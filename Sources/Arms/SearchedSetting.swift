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

  /// Changes by which all that is tried can be checked: to the ends of a range, or to each value.
  package var examples: [Change] {
    switch values {
    case .drawn(let range):
      range.values(count: 2).map { number in
        var node = ConfigurationNode(.plain(number))
        node.source = source
        return Change(key, node)
      }
    case .listed(let values): values.map { Change(key, $0) }
    }
  }
}

/// Values that a search tries.
public enum SearchedValues: Sendable {
  /// Numbers of a range; a `log` one is widened while the best lies at an end.
  case drawn(SearchRange)
  /// These.
  case listed([ConfigurationNode])

  /// The value at a fraction from 0 up to 1.
  func value(at fraction: Double) -> ConfigurationNode {
    switch self {
    case .drawn(let range): ConfigurationNode(.plain(range.value(at: fraction)))
    case .listed(let values):
      values[min(Int(fraction * Double(values.count)), values.count - 1)]
    }
  }

  /// The range widened where a value lies near an end of it; nil where it is not.
  func widened(around value: ConfigurationNode) -> SearchedValues? {
    guard case .drawn(let range) = self, case .plain(let text) = value.content,
      let number = Double(text)
    else { return nil }
    return range.widened(around: number).map { .drawn($0) }
  }
}

extension Form<[SearchedSetting]> {
  /// A mapping from keys to ranges, such as `log(0.01..3)`, or to lists of values.
  static var searched: Form {
    let example = "{ rates.initial.rate: log(0.01..3) }"
    let form = Form.keyed("ranges or lists of values", example: example) {
      entry, path throws(ConfigurationError) in
      [SearchedSetting(entry.key, try values(entry.value, path), at: entry.keySource)]
    } write: {
      ($0.key, written($0.values))
    }
    return .refining(
      form,
      { settings, node, path throws(ConfigurationError) in
        guard !settings.isEmpty else {
          throw node.wrong(
            at: path, expected: "a mapping from keys to ranges", advice: "write \(example), say")
        }
        return settings
      }, from: { $0 })
  }

  private static func values(
    _ node: ConfigurationNode, _ path: String
  ) throws(ConfigurationError) -> SearchedValues {
    let expected = "a list of values, or a range such as log(0.01..3)"
    switch node.content {
    case .list(let values):
      guard !values.isEmpty else { throw node.wrong(at: path, expected: expected) }
      return .listed(values)
    case .plain(let text), .quoted(let text):
      let range: SearchRange?
      do {
        range = try SearchRange(text)
      } catch {
        throw ConfigurationError(at: node.source, path: path, message: error.message)
      }
      guard let range else { throw node.wrong(at: path, expected: expected) }
      guard let count = range.count else { return .drawn(range) }
      return .listed(range.values(count: count).map { ConfigurationNode(.plain($0)) })
    case .mapping: throw node.wrong(at: path, expected: expected)
    }
  }

  private static func written(_ values: SearchedValues) -> ConfigurationNode {
    switch values {
    case .drawn(let range): .text(range.description)
    case .listed(let values): ConfigurationNode(.list(values))
    }
  }
}
