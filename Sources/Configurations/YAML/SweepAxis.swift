import Foundation
import Reports
import Settings

/// A setting that a sweep gives several values, as an argument writes it:
///
/// - `key=[v1, v2, …]`: each item is a value. The value of a setting that is itself a list is a
///   list in the list: `model.hidden=[[64, 64], [32]]`.
/// - `key=log(0.001..0.1)`, or `linear`, `integer`, `logInteger`: a range, which random searches
///   draw from; with a count behind it, `log(0.001..0.1, 5)`, so many values from end to end.
package struct SweepAxis: Sendable, Equatable {
  /// The setting's key.
  package let key: String
  /// The range, as it was written, where values are drawn.
  package let range: SweepRange?
  /// Values as YAML, those of a list or of a range with a count; empty where they are drawn.
  package let values: [String]
  private let text: String

  /// More values than any sweep computes.
  package static let mostValues = 10_000

  /// Reads an argument; nil where it gives a single value, as overrides of other commands do.
  package init?(_ text: String) throws(ConfigurationError) {
    guard let equals = text.firstIndex(of: "=") else { return nil }
    let key = String(text[..<equals])
    let valueText = text[text.index(after: equals)...].trimmingCharacters(in: .whitespaces)
    self.key = key
    self.text = text
    let source = ConfigurationSource.commandLine(text)
    func wrong(_ message: String) -> ConfigurationError {
      ConfigurationError(at: source, path: key, message: message)
    }
    if let match = valueText.wholeMatch(of: /([A-Za-z]+)\s*\((.*)\)/) {
      let range = try SweepRange(word: match.1, ends: match.2, wrong)
      values = range.count.map(range.values(count:)) ?? []
      self.range = range.count == nil ? range : nil
    } else if valueText.hasPrefix("[") {
      let node = try ConfigurationNode(yaml: valueText, path: key) { _, _ in source }
      guard case .list(let items) = node.content else {
        throw wrong("found no list, expected values in brackets")
      }
      guard !items.isEmpty, items.count <= Self.mostValues else {
        throw wrong(
          "found \(items.isEmpty ? "no" : "\(items.count)") values, expected 1 to "
            + "\(Self.mostValues); an empty list as a value is written [[]]")
      }
      values = items.map(\.flowYAML)
      range = nil
    } else {
      return nil
    }
    for (index, value) in values.enumerated() {
      guard !values[..<index].contains(value) else {
        throw wrong(
          "found the value \(value) twice, expected different ones; a list that is itself a value "
            + "goes in a list: \(key)=[\(valueText)]")
      }
    }
  }

  /// Whether it gives one value, as an override does.
  package var isSingle: Bool { values.count == 1 && range == nil }

  /// What it gives, in the words of an argument.
  package var description: String {
    range?.description ?? "[" + values.joined(separator: ", ") + "]"
  }

  /// The value at a number of 0..<1, evenly over the range or over the values.
  package func value(at fraction: Double) -> String {
    range?.value(at: fraction)
      ?? values[min(values.count - 1, Int(fraction * Double(values.count)))]
  }

  /// An error about the argument.
  package func wrong(_ message: String) -> ConfigurationError {
    ConfigurationError(at: .commandLine(text), path: key, message: message)
  }
}

/// Numbers between two ends, over which a search is even.
package struct SweepRange: Sendable, Equatable, CustomStringConvertible {
  /// What it is even over.
  enum Spacing: String, CaseIterable {
    case linear, log, integer, logInteger

    var isLogarithmic: Bool { self == .log || self == .logInteger }
    var isWhole: Bool { self == .integer || self == .logInteger }
  }

  private let spacing: Spacing
  /// The ends as they were written.
  private let low: String
  private let high: String
  private let ends: ClosedRange<Double>
  /// How many values were asked for, from end to end; nil for a range to draw from.
  let count: Int?

  fileprivate init(
    word: Substring, ends text: Substring, _ wrong: (String) -> ConfigurationError
  ) throws(ConfigurationError) {
    let words = Spacing.allCases.map(\.rawValue)
    guard let spacing = Spacing(rawValue: String(word)) else {
      let nearest = Suggestion.nearest(to: String(word), among: words)
      throw wrong(
        "found \(word)(…), expected a range by \(Suggestion.list(words))"
          + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""))
    }
    let example =
      "\(word)(\(spacing.isWhole ? "10..100" : "0.1..1")) or the same with a count, "
      + "\(word)(\(spacing.isWhole ? "10..100" : "0.1..1"), 4)"
    guard !text.contains("..."),
      let match = text.wholeMatch(of: /\s*(.+?)\s*\.\.\s*([^,]+?)\s*(?:,\s*([0-9]+)\s*)?/),
      let first = PlainNumber(String(match.1)), let last = PlainNumber(String(match.2)),
      let low = Double(first.text), let high = Double(last.text), low.isFinite, high.isFinite
    else { throw wrong("found the range (\(text)), expected two numbers; write \(example)") }
    guard low < high else {
      throw wrong("found the range \(match.1)..\(match.2), expected its ends in ascending order")
    }
    guard !spacing.isLogarithmic || low > 0 else {
      throw wrong("found the end \(match.1), expected one above 0 for \(word)")
    }
    guard !spacing.isWhole || first.isWhole && last.isWhole && abs(low) < 1e15 && high < 1e15 else {
      throw wrong("found the range \(match.1)..\(match.2), expected whole numbers for \(word)")
    }
    if let digits = match.3 {
      guard let count = Int(digits), (2...SweepAxis.mostValues).contains(count) else {
        throw wrong("found \(digits) values, expected 2 to \(SweepAxis.mostValues)")
      }
      self.count = count
    } else {
      count = nil
    }
    self.spacing = spacing
    (self.low, self.high, ends) = (first.text, last.text, low...high)
  }

  package var description: String {
    "\(spacing.rawValue)(\(low)..\(high)\(count.map { ", \($0)" } ?? ""))"
  }

  /// Whether it is even over logarithms.
  package var isLogarithmic: Bool { spacing.isLogarithmic }

  /// So many values from end to end; whole numbers that coincide are one.
  func values(count: Int) -> [String] {
    let numbers =
      isLogarithmic
      ? SearchGrid.logarithmic(from: ends.lowerBound, to: ends.upperBound, count: count)
      : SearchGrid.linear(from: ends.lowerBound, to: ends.upperBound, count: count)
    var values: [String] = []
    for (index, number) in numbers.enumerated() {
      let value = index == 0 ? low : index == count - 1 ? high : written(number)
      if values.last != value { values.append(value) }
    }
    return values
  }

  /// The value at a number of 0..<1. Each whole number has an equal share of the range, or of its
  /// logarithms.
  func value(at fraction: Double) -> String {
    let range =
      spacing.isWhole ? (ends.lowerBound - 0.5)...(ends.upperBound + 0.5) : ends
    let value =
      isLogarithmic
      ? SearchGrid.logarithmicValue(at: fraction, in: range)
      : range.lowerBound + (range.upperBound - range.lowerBound) * fraction
    return written(value)
  }

  /// Four significant digits, so that a value can be quoted and given again; never beyond the ends.
  private func written(_ value: Double) -> String {
    let text =
      spacing.isWhole
      ? String(format: "%.0f", value.rounded())
      : ConfigurationNode.number(Double(String(format: "%.3e", value)) ?? value).flowYAML
    guard let number = Double(text) else { return text }
    return number <= ends.lowerBound ? low : number >= ends.upperBound ? high : text
  }
}
