import Foundation
import Reports
import Settings

/// Numbers between two ends, over which a search is even, as configurations and arguments write
/// them:
/// `log(0.001..0.1)`.
public struct SearchRange: Sendable, Equatable, CustomStringConvertible {
  /// What a range is even over.
  public enum Spacing: String, CaseIterable, Sendable {
    /// Numbers.
    case linear
    /// Logarithms of positive numbers.
    case log
    /// Whole numbers.
    case integer
    /// Logarithms of positive whole numbers.
    case logInteger

    var isLogarithmic: Bool { self == .log || self == .logInteger }
    var isWhole: Bool { self == .integer || self == .logInteger }
  }

  /// What it is even over.
  public let spacing: Spacing
  /// From where to where.
  public let ends: ClosedRange<Double>
  /// How many values were asked for, from end to end; nil for a range to draw from.
  package let count: Int?
  /// The ends as they were written.
  private let low: String
  private let high: String

  /// More values than any search computes.
  package static let mostValues = 10_000

  /// A range to draw from; its ends are finite, above 0 for logarithms, and whole numbers below 10¹⁵
  /// for whole numbers.
  public init(_ spacing: Spacing, _ ends: ClosedRange<Double>) {
    let numbers = [ends.lowerBound, ends.upperBound]
    precondition(numbers.allSatisfy(\.isFinite), "a range needs finite ends")
    precondition(!spacing.isLogarithmic || ends.lowerBound > 0, "logarithms need ends above 0")
    precondition(
      !spacing.isWhole || numbers.allSatisfy { $0 == $0.rounded() && abs($0) < 1e15 },
      "a range of whole numbers needs whole ends")
    (self.spacing, self.ends, count) = (spacing, ends, nil)
    (low, high) = (Self.text(ends.lowerBound, spacing), Self.text(ends.upperBound, spacing))
  }

  /// The range that a text spells, such as `log(0.001..0.1)` or `integer(2..8, 4)`; nil for a text
  /// that is no word with something in parentheses.
  ///
  /// - Throws: `Mistake` for one that is, but spells no range.
  package init?(_ text: String) throws(Mistake) {
    guard let match = text.wholeMatch(of: /([A-Za-z]+)\s*\((.*)\)/) else { return nil }
    let (word, inner) = (String(match.1), match.2)
    let words = Spacing.allCases.map(\.rawValue)
    guard let spacing = Spacing(rawValue: word) else {
      let nearest = Suggestion.nearest(to: word, among: words)
      throw Mistake(
        "found \(word)(…), expected a range by \(Suggestion.list(words))"
          + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""))
    }
    let example = "\(word)(\(spacing.isWhole ? "10..100" : "0.1..1"))"
    guard !inner.contains("..."),
      let match = inner.wholeMatch(of: /\s*(.+?)\s*\.\.\s*([^,]+?)\s*(?:,\s*([0-9]+)\s*)?/),
      let first = PlainNumber(String(match.1)), let last = PlainNumber(String(match.2)),
      let low = Double(first.text), let high = Double(last.text), low.isFinite, high.isFinite
    else {
      throw Mistake(
        "found the range (\(inner)), expected two numbers; write \(example) or the same with a "
          + "count, \(example.dropLast()), 4)")
    }
    guard low < high else {
      throw Mistake("found the range \(match.1)..\(match.2), expected its ends in ascending order")
    }
    guard !spacing.isLogarithmic || low > 0 else {
      throw Mistake("found the end \(match.1), expected one above 0 for \(word)")
    }
    guard !spacing.isWhole || first.isWhole && last.isWhole && abs(low) < 1e15 && high < 1e15 else {
      throw Mistake("found the range \(match.1)..\(match.2), expected whole numbers for \(word)")
    }
    if let digits = match.3 {
      guard let count = Int(digits), (2...Self.mostValues).contains(count) else {
        throw Mistake("found \(digits) values, expected 2 to \(Self.mostValues)")
      }
      self.count = count
    } else {
      count = nil
    }
    (self.spacing, ends) = (spacing, low...high)
    (self.low, self.high) = (first.text, last.text)
  }

  /// What is wrong with a range's text: what was found and what was expected.
  package struct Mistake: Error {
    package let message: String

    init(_ message: String) { self.message = message }
  }

  /// The range as it is written.
  public var description: String {
    "\(spacing.rawValue)(\(low)..\(high)\(count.map { ", \($0)" } ?? ""))"
  }

  /// Whether it is even over logarithms.
  package var isLogarithmic: Bool { spacing.isLogarithmic }

  /// So many values from end to end; whole numbers that coincide are one.
  package func values(count: Int) -> [String] {
    let numbers =
      isLogarithmic
      ? SearchGrid.logarithmic(from: ends.lowerBound, to: ends.upperBound, count: count)
      : SearchGrid.linear(from: ends.lowerBound, to: ends.upperBound, count: count)
    var values: [String] = []
    for (index, number) in numbers.enumerated() {
      let value =
        count == 1
        ? written(number) : index == 0 ? low : index == count - 1 ? high : written(number)
      if values.last != value { values.append(value) }
    }
    return values
  }

  /// The value at a number of 0..<1. Each whole number has an equal share of the range, or of its
  /// logarithms.
  package func value(at fraction: Double) -> String {
    let range = spacing.isWhole ? (ends.lowerBound - 0.5)...(ends.upperBound + 0.5) : ends
    return written(
      isLogarithmic
        ? SearchGrid.logarithmicValue(at: fraction, in: range)
        : range.lowerBound + (range.upperBound - range.lowerBound) * fraction)
  }

  /// The range ten times as wide at the end near which a value lies, as long as it draws logarithms
  /// of numbers; nil where there is no such end.
  func widened(around value: Double) -> SearchRange? {
    guard spacing == .log, let edge = SearchGrid.edge(of: ends, near: value) else { return nil }
    return SearchRange(.log, SearchGrid.widened(ends, at: edge, by: 10))
  }

  /// Four significant digits, so that a value can be quoted and given again; never beyond the ends.
  private func written(_ value: Double) -> String {
    let text = Self.text(
      spacing.isWhole ? value : Double(String(format: "%.3e", value)) ?? value, spacing)
    guard let number = Double(text) else { return text }
    return number <= ends.lowerBound ? low : number >= ends.upperBound ? high : text
  }

  private static func text(_ value: Double, _ spacing: Spacing) -> String {
    spacing.isWhole
      ? String(format: "%.0f", value.rounded()) : ConfigurationNode.number(value).flowYAML
  }
}
