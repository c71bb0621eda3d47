import Settings

/// A value from the command line: `inner.steps=50`.
struct Override {
  private let text: String
  private let keys: [String]
  /// What is put in the key's place; nothing, to return to the default.
  private let value: ConfigurationNode

  /// More than any key has.
  private static let mostKeys = 16

  private var source: ConfigurationSource { .commandLine(text) }

  /// Reads a key, an equals sign and a value in YAML.
  init(_ text: String) throws(ConfigurationError) {
    let source = ConfigurationSource.commandLine(text)
    guard let equals = text.firstIndex(of: "=") else {
      throw ConfigurationError(
        at: source, path: "",
        message: "found no \"=\", expected key=value; write for example inner.steps=50")
    }
    keys = text[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard keys.count <= Override.mostKeys else {
      throw ConfigurationError(
        at: .commandLine(String(text.prefix(60)) + "…"), path: "",
        message: "found a key of \(keys.count) words, expected at most \(Override.mostKeys)")
    }
    guard keys.allSatisfy({ !$0.isEmpty && !$0.contains(where: \.isWhitespace) }) else {
      throw ConfigurationError(
        at: source, path: "",
        message: "found the key \"\(text[..<equals])\", expected words joined by points; write for "
          + "example inner.steps=50")
    }
    let valueText = String(text[text.index(after: equals)...])
    guard !valueText.allSatisfy(\.isWhitespace) else {
      throw ConfigurationError(
        at: source, path: "",
        message: "found nothing after \"=\", expected a value; write null for the default")
    }
    self.text = text
    value = try ConfigurationNode(yaml: valueText, path: String(text[..<equals])) { _, _ in source }
  }

  /// Puts the value into its place, which need not exist yet.
  func apply(to root: inout ConfigurationNode) throws(ConfigurationError) {
    // What is no mapping is left for the reader to refuse where it stands.
    guard root.isNothing || root.isMapping else { return }
    root = try replacing(keys[...], in: root, path: "")
  }

  private func replacing(
    _ keys: ArraySlice<String>, in node: ConfigurationNode, path: String
  ) throws(ConfigurationError) -> ConfigurationNode {
    guard let key = keys.first else { return value }
    var entries: [ConfigurationNode.Entry]
    var source = node.source
    switch node.content {
    case .mapping(let found): entries = found
    case .plain where node.isNothing: (entries, source) = ([], self.source)
    case .plain, .quoted:
      guard node.word != nil else {
        throw ConfigurationError(
          at: self.source, path: path,
          message: "found \(node.found) at \(node.source), expected a mapping with \(key)")
      }
      // A bare word is a mapping's kind.
      entries = [ConfigurationNode.Entry("kind", at: node.source, node)]
      source = self.source
    case .list:
      throw ConfigurationError(
        at: self.source, path: path,
        message: "found a list at \(node.source), expected a mapping; give \(path)=[…] as a whole")
    }
    let position = entries.firstIndex { $0.key == key }
    let below = path.appending(key: key)
    let empty = ConfigurationNode(.mapping([]), at: self.source)
    let existing = position.map { entries[$0].value } ?? empty
    let replacement = try replacing(keys.dropFirst(), in: existing, path: below)
    if keys.count == 1, value.isNothing {
      if let position { entries.remove(at: position) }
    } else if let position {
      entries[position].value = replacement
    } else {
      entries.append(ConfigurationNode.Entry(key, at: self.source, replacement))
    }
    return ConfigurationNode(.mapping(entries), at: source)
  }
}
