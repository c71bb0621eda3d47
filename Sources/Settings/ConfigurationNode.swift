/// YAML as far as configurations use it: words, quoted texts, lists and mappings, each with its
/// source.
public struct ConfigurationNode: Sendable, Equatable {
  /// What stands there.
  public enum Content: Sendable, Equatable {
    /// A scalar without quotes: a word, a number, or nothing.
    case plain(String)
    /// A text in quotes, which is never a number.
    case quoted(String)
    /// A list.
    case list([ConfigurationNode])
    /// A mapping, in the order in which it was written.
    case mapping([Entry])
  }

  /// A key and its value.
  public struct Entry: Sendable, Equatable {
    /// The key.
    public var key: String
    /// Where the key stands.
    public var keySource: ConfigurationSource
    /// The value.
    public var value: ConfigurationNode

    /// A key and its value.
    public init(_ key: String, at keySource: ConfigurationSource, _ value: ConfigurationNode) {
      self.key = key
      self.keySource = keySource
      self.value = value
    }
  }

  /// What stands there.
  public var content: Content
  /// Where.
  public var source: ConfigurationSource

  /// Some content at a place.
  public init(_ content: Content, at source: ConfigurationSource = .defaultValue) {
    self.content = content
    self.source = source
  }

  /// The value of a key of a mapping.
  public subscript(key: String) -> ConfigurationNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// Whether nothing was written, or `null`.
  public var isNothing: Bool {
    guard case .plain(let text) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// Whether it is a mapping.
  public var isMapping: Bool { if case .mapping = content { true } else { false } }

  /// Whether it is a number.
  public var isNumber: Bool {
    if case .plain(let text) = content { Double(text) != nil } else { false }
  }

  /// The word, if it is one: neither a number nor a truth value nor nothing.
  public var word: String? {
    switch content {
    case .quoted(let text): return text
    case .plain(let text):
      let truths = ["true", "True", "TRUE", "false", "False", "FALSE"]
      return isNothing || truths.contains(text) || PlainNumber(text) != nil ? nil : text
    case .list, .mapping: return nil
    }
  }

  /// The words of a list, or the word that stands for a list of one.
  public var words: [String] { listed.compactMap(\.word) }

  /// What an error message says was found.
  public var found: String {
    switch content {
    case .plain(let text): isNothing ? "nothing" : word == nil ? text : "\"\(text.inOneLine)\""
    case .quoted(let text): "the text \"\(text.inOneLine)\""
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}

/// A number as configurations write it: decimal digits, without octal, hexadecimal or underscores.
public struct PlainNumber: Equatable {
  /// Whether there is neither a point nor an exponent.
  public let isWhole: Bool
  /// The text, without a leading plus sign.
  public let text: String

  /// The number that a text spells, nil if it spells none; `.nan` and `.inf` count as numbers so
  /// that they are refused as such.
  public init?(_ text: String) {
    let unsigned = text.drop { "+-".contains($0) }
    guard text.count - unsigned.count <= 1 else { return nil }
    let isNonfinite = [".nan", ".inf"].contains(unsigned.lowercased())
    let number = /([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?/
    guard isNonfinite || unsigned.wholeMatch(of: number) != nil else { return nil }
    isWhole = unsigned.allSatisfy { ("0"..."9").contains($0) }
    let plain = text.hasPrefix("+") ? String(text.dropFirst()) : text
    self.text = isNonfinite ? plain.filter { $0 != "." } : plain
  }
}

extension String {
  /// Short enough and without line breaks, for messages of one line.
  package var inOneLine: String {
    let single = String(map { $0.isNewline || $0 == "\t" ? " " : $0 })
    return single.count > 60 ? single.prefix(57) + "…" : single
  }
}
