import Foundation
import Reports
import Settings
import TensorPrograms

/// A setting that an arm searches, by its key in a configuration.
public struct SearchedSetting: Sendable {
  /// The key: `rates.initial.rate`.
  public let key: String
  /// What is tried.
  public let range: SearchRange
  /// Where the key was written.
  package let source: ConfigurationSource

  /// A setting and what is tried.
  public init(_ key: String, _ range: SearchRange, at source: ConfigurationSource = .defaultValue) {
    (self.key, self.range, self.source) = (key, range, source)
  }

  /// Changes by which the whole range can be checked: to its ends, or to all of its values.
  package var examples: [Change] {
    switch range {
    case .logarithmic(let range), .linear(let range):
      [range.lowerBound, range.upperBound].map { number in
        var node = ConfigurationNode.number(number)
        node.source = source
        return Change(key, node)
      }
    case .values(let values): values.map { Change(key, $0) }
    }
  }
}

/// Values that a search tries.
public enum SearchRange: Sendable {
  /// Positive numbers, evenly in their logarithms; widened while the best lies at an end.
  case logarithmic(ClosedRange<Double>)
  /// Numbers, evenly.
  case linear(ClosedRange<Double>)
  /// These.
  case values([ConfigurationNode])

  /// The value at a fraction from 0 up to 1.
  func value(at fraction: Double) -> ConfigurationNode {
    switch self {
    case .logarithmic(let range):
      return .number(SearchGrid.logarithmicValue(at: fraction, in: range).roundedForPeople)
    case .linear(let range):
      let value = range.lowerBound + fraction * (range.upperBound - range.lowerBound)
      return .number(min(max(value.roundedForPeople, range.lowerBound), range.upperBound))
    case .values(let values):
      return values[min(Int(fraction * Double(values.count)), values.count - 1)]
    }
  }

  /// The range widened where a value lies near an end of it; nil where it is not.
  func widened(around value: ConfigurationNode) -> SearchRange? {
    guard case .logarithmic(let range) = self, case .plain(let text) = value.content,
      let number = Double(text), let edge = SearchGrid.edge(of: range, near: number)
    else { return nil }
    return .logarithmic(SearchGrid.widened(range, at: edge, by: 10))
  }
}

extension Double {
  /// Six significant digits: nobody chooses by more, and tables stay readable.
  fileprivate var roundedForPeople: Double { Double(String(format: "%.6g", self)) ?? self }
}

extension Form<[SearchedSetting]> {
  /// A mapping from keys to ranges: `{ from: 0.01, to: 3 }`, which is logarithmic unless `scale` is
  /// linear, or a list of values.
  static var searched: Form {
    let example = "{ rates.initial.rate: { from: 0.01, to: 3 } }"
    let form = Form.keyed("ranges", example: example) { entry, path throws(ConfigurationError) in
      [SearchedSetting(entry.key, try range(entry.value, path), at: entry.keySource)]
    } write: {
      ($0.key, written($0.range))
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

  private static func range(
    _ node: ConfigurationNode, _ path: String
  ) throws(ConfigurationError) -> SearchRange {
    let expected = "a list of values, or { from: …, to: … }"
    switch node.content {
    case .list(let values):
      guard !values.isEmpty else { throw node.wrong(at: path, expected: expected) }
      return .values(values)
    case .mapping(let entries):
      if let stray = entries.first(where: { !["from", "to", "scale"].contains($0.key) }) {
        throw ConfigurationError(
          at: stray.keySource, path: path.appending(key: stray.key),
          message: "found an unknown key, expected from, to or scale")
      }
      guard let low = node["from"], let high = node["to"] else {
        throw node.wrong(at: path, expected: expected)
      }
      let isLinear = node["scale"]?.word == "linear"
      if let scale = node["scale"], !["linear", "logarithmic"].contains(scale.word) {
        throw scale.wrong(at: path.appending(key: "scale"), expected: "linear or logarithmic")
      }
      let kind = isLinear ? NumberRange.finite : .positive
      let from = try low.number(at: path.appending(key: "from"), in: kind)
      let to = try high.number(at: path.appending(key: "to"), in: kind)
      guard from < to else {
        throw high.wrong(at: path.appending(key: "to"), expected: "a number above from, \(from)")
      }
      return isLinear ? .linear(from...to) : .logarithmic(from...to)
    case .plain, .quoted: throw node.wrong(at: path, expected: expected)
    }
  }

  private static func written(_ range: SearchRange) -> ConfigurationNode {
    func ends(_ range: ClosedRange<Double>, _ scale: String) -> ConfigurationNode {
      .map([
        ("from", .number(range.lowerBound)), ("to", .number(range.upperBound)),
        ("scale", .text(scale)),
      ])
    }
    return switch range {
    case .logarithmic(let range): ends(range, "logarithmic")
    case .linear(let range): ends(range, "linear")
    case .values(let values): ConfigurationNode(.list(values))
    }
  }
}
