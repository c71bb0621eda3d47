/// YAML as far as configurations use it: words, quoted texts, lists and mappings, each with its
/// source.
package struct ConfigurationNode: Sendable, Equatable {
  /// What stands there.
  package enum Content: Sendable, Equatable {
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
  package struct Entry: Sendable, Equatable {
    /// The key.
    package var key: String
    /// Where the key stands.
    package var keySource: ConfigurationSource
    /// The value.
    package var value: ConfigurationNode

    /// A key and its value.
    package init(_ key: String, at keySource: ConfigurationSource, _ value: ConfigurationNode) {
      self.key = key
      self.keySource = keySource
      self.value = value
    }
  }

  /// What stands there.
  package var content: Content
  /// Where.
  package var source: ConfigurationSource

  /// Some content at a place.
  package init(_ content: Content, at source: ConfigurationSource = .defaultValue) {
    self.content = content
    self.source = source
  }

  /// The value of a key of a mapping.
  package subscript(key: String) -> ConfigurationNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// Whether nothing was written, or `null`.
  package var isNothing: Bool {
    guard case .plain(let text) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// Whether it is a mapping.
  package var isMapping: Bool { if case .mapping = content { true } else { false } }

  /// The word, if it is one: neither a number nor a truth value nor nothing.
  package var word: String? {
    switch content {
    case .quoted(let text): return text
    case .plain(let text):
      let truths = ["true", "True", "TRUE", "false", "False", "FALSE"]
      return isNothing || truths.contains(text) || PlainNumber(text) != nil ? nil : text
    case .list, .mapping: return nil
    }
  }

  /// What an error message says was found.
  package var found: String {
    switch content {
    case .plain(let text): isNothing ? "nothing" : word == nil ? text : "\"\(text.inOneLine)\""
    case .quoted(let text): "the text \"\(text.inOneLine)\""
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}

/// A number as configurations write it: decimal digits, without octal, hexadecimal or underscores.
package struct PlainNumber: Equatable {
  /// Whether there is neither a point nor an exponent.
  package let isWhole: Bool
  /// The text, without a leading plus sign.
  package let text: String

  /// The number that a text spells, nil if it spells none; `.nan` and `.inf` count as numbers so
  /// that they are refused as such.
  package init?(_ text: String) {
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
