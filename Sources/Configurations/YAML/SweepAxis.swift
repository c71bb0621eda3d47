import Arms
import Foundation
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
  package let range: SearchRange?
  /// Values as YAML, those of a list or of a range with a count; empty where they are drawn.
  package let values: [String]
  private let text: String

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
    let range: SearchRange?
    do {
      range = try SearchRange(valueText)
    } catch {
      throw wrong(error.message)
    }
    if let range {
      values = range.count.map(range.values(count:)) ?? []
      self.range = range.count == nil ? range : nil
    } else if valueText.hasPrefix("[") {
      let node = try ConfigurationNode(yaml: valueText, path: key) { _, _ in source }
      guard case .list(let items) = node.content else {
        throw wrong("found no list, expected values in brackets")
      }
      guard !items.isEmpty, items.count <= SearchRange.mostValues else {
        throw wrong(
          "found \(items.isEmpty ? "no" : "\(items.count)") values, expected 1 to "
            + "\(SearchRange.mostValues); an empty list as a value is written [[]]")
      }
      values = items.map(\.flowYAML)
      self.range = nil
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
