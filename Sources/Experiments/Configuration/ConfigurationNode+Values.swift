/// Typed values, each refused with what was found and what was expected.
extension ConfigurationNode {
  /// The largest count that a configuration may ask for.
  static let mostCount = 1_000_000_000

  /// A whole number.
  func integer(
    at path: String, in range: ClosedRange<Int>
  ) throws(ConfigurationError) -> Int {
    let open = "a whole number from \(range.lowerBound)"
    let closed = "\(open) to \(range.upperBound)"
    guard case .plain(let text) = content, let number = PlainNumber(text), number.isWhole else {
      throw wrong(
        at: path, expected: range.upperBound == ConfigurationNode.mostCount ? open : closed)
    }
    guard let value = Int(number.text), range.contains(value) else {
      let isTooLarge = Int(number.text).map { $0 > range.upperBound } ?? !number.text.hasPrefix("-")
      throw wrong(at: path, expected: isTooLarge ? closed : open)
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
      let value = Double(number.text)
    else { throw wrong(at: path, expected: range.description) }
    guard value.isFinite else { throw wrong(at: path, expected: "a finite number") }
    guard range.admits(value) else { throw wrong(at: path, expected: range.description) }
    return value
  }

  /// A truth value: `true` or `false`, without quotes.
  func flag(at path: String) throws(ConfigurationError) -> Bool {
    switch content {
    case .plain("true"): return true
    case .plain("false"): return false
    default: throw wrong(at: path, expected: "true or false")
    }
  }

  /// A text that is not empty; numbers must be quoted.
  func text(at path: String) throws(ConfigurationError) -> String {
    guard let word, !word.isEmpty else {
      var advice: String?
      if case .plain(let text) = content, !isNothing { advice = "write \"\(text)\" in quotes" }
      throw wrong(at: path, expected: "a text that is not empty", advice: advice)
    }
    return word
  }

  /// One of a table's kinds that work.
  func kind(
    of table: KindTable, at path: String
  ) throws(ConfigurationError) -> String {
    let expected = "\(table.noun): \(Suggestion.list(table.names))"
    guard let word else {
      // A kind without values is a word; one to come may be written with some.
      if let kind = self["kind"], let name = kind.word, !table.names.contains(name) {
        return try kind.kind(of: table, at: path.appending(key: "kind"))
      }
      throw wrong(at: path, expected: expected)
    }
    if table.names.contains(word) { return word }
    if table.planned.contains(where: { $0.name == word }) {
      throw ConfigurationError(
        at: source, path: path,
        message: "not supported in this version: \(table.bareNoun) \(word); supported: "
          + table.names.joined(separator: ", "))
    }
    if let reason = table.refused[word] {
      throw wrong(at: path, expected: expected, advice: reason)
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
