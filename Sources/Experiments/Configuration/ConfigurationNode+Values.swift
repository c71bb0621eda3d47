/// Typed values, each refused with what was found and what was expected.
extension ConfigurationNode {
  /// The largest count that a configuration may ask for.
  static let mostCount = 1_000_000_000

  /// A whole number.
  func integer(
    at path: String, in range: ClosedRange<Int>
  ) throws(ConfigurationError) -> Int {
    let expected =
      range.upperBound >= ConfigurationNode.mostCount
      ? "a whole number from \(range.lowerBound)"
      : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard case .plain(let text) = content, let number = PlainNumber(text), number.isWhole else {
      throw wrong(at: path, expected: expected)
    }
    guard let value = Int(number.text), range.contains(value) else {
      throw wrong(
        at: path,
        expected: number.text.hasPrefix("-")
          ? expected : "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A seed: a whole number of 64 bits.
  func seed(at path: String) throws(ConfigurationError) -> UInt64 {
    guard case .plain(let text) = content, let number = PlainNumber(text), number.isWhole,
      let value = UInt64(number.text)
    else { throw wrong(at: path, expected: "a whole number from 0 to \(UInt64.max)") }
    return value
  }

  /// A finite number.
  func number(at path: String, in range: NumberRange) throws(ConfigurationError) -> Double {
    guard case .plain(let text) = content, let number = PlainNumber(text),
      let value = Double(number.text), range.admits(value)
    else { throw wrong(at: path, expected: range.description) }
    return value
  }

  /// A text that is not empty; numbers must be quoted.
  func text(at path: String) throws(ConfigurationError) -> String {
    guard let word, !word.isEmpty else {
      var advice: String?
      if case .plain(let text) = content, !isNothing { advice = "write \"\(text)\" in quotes" }
      throw wrong(at: path, expected: "a text", advice: advice)
    }
    return word
  }

  /// One of a table's kinds that work.
  func kind(
    of table: KindTable, at path: String
  ) throws(ConfigurationError) -> String {
    let expected = "\(table.noun): \(Suggestion.list(table.names))"
    guard let word else { throw wrong(at: path, expected: expected) }
    if table.names.contains(word) { return word }
    if table.planned.contains(where: { $0.name == word }) {
      throw ConfigurationError(
        at: source, path: path,
        message: "not supported in this version: \(table.bareNoun) \(word); supported: "
          + table.names.joined(separator: ", "))
    }
    let known = table.names + table.planned.map(\.name)
    throw wrong(
      at: path, expected: expected,
      advice: Suggestion.nearest(to: word, among: known).map { "did you mean \"\($0)\"?" })
  }

  /// A list; a value that is no list is a list of one.
  var listed: [ConfigurationNode] {
    if case .list(let items) = content { items } else { [self] }
  }

  /// An error about this value.
  func wrong(at path: String, expected: String, advice: String? = nil) -> ConfigurationError {
    ConfigurationError(
      at: source, path: path,
      message: "found \(found), expected \(expected)" + (advice.map { "; \($0)" } ?? ""))
  }
}
