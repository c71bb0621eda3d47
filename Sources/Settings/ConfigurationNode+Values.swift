/// Typed values, each refused with what was found and what was expected.
extension ConfigurationNode {
  /// The largest count that a configuration may ask for.
  public static let mostCount = 1_000_000_000

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
  package func number(at path: String, in range: NumberRange) throws(ConfigurationError) -> Double {
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

  /// A list; a value that is no list is a list of one.
  var listed: [ConfigurationNode] {
    if case .list(let items) = content { items } else { [self] }
  }

  /// An error about this value.
  public func wrong(
    at path: String, expected: String, advice: String? = nil
  ) -> ConfigurationError {
    ConfigurationError(
      at: source, path: path,
      message: "found \(found), expected \(expected)" + (advice.map { "; \($0)" } ?? ""))
  }

  /// The text of a whole number; nil where it is none.
  var wholeNumber: String? {
    guard case .plain(let text) = content, PlainNumber(text)?.isWhole == true else { return nil }
    return text
  }
}

extension ConfigurationNode {
  /// A text.
  public static func text(_ text: String) -> ConfigurationNode { ConfigurationNode(.quoted(text)) }

  /// A whole number.
  static func number(_ number: some BinaryInteger & CustomStringConvertible) -> ConfigurationNode {
    ConfigurationNode(.plain(number.description))
  }

  /// A number, spelled so that reading it gives the same bits.
  public static func number(_ number: Double) -> ConfigurationNode {
    let text = number.description
    // YAML 1.1, which Python reads, takes 1e-08 for a text and 1.0e-08 for a number.
    guard text.contains("e"), !text.contains("."), let exponent = text.firstIndex(of: "e") else {
      return ConfigurationNode(.plain(text))
    }
    return ConfigurationNode(.plain(text[..<exponent] + ".0" + text[exponent...]))
  }

  /// A truth value.
  static func truth(_ truth: Bool) -> ConfigurationNode {
    ConfigurationNode(.plain(truth ? "true" : "false"))
  }

  /// A mapping.
  public static func map(_ entries: [(String, ConfigurationNode)]) -> ConfigurationNode {
    ConfigurationNode(.mapping(entries.map { Entry($0.0, at: .defaultValue, $0.1) }))
  }

  /// A kind as it is written.
  public static func kind(_ kind: some Kind) -> ConfigurationNode {
    .kind(type(of: kind).word, kind.entries)
  }

  /// A kind: a word, or a mapping where it has values.
  static func kind(
    _ word: String, _ entries: [(String, ConfigurationNode)]
  ) -> ConfigurationNode {
    entries.isEmpty ? .text(word) : .map([("kind", .text(word))] + entries)
  }
}

extension String {
  /// The path of a key below this one.
  package func appending(key: String) -> String { isEmpty ? key : "\(self).\(key)" }
}
