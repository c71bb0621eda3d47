/// Nodes as text: YAML for people, JSON for hashes. Numbers are plain nodes, texts quoted ones.
extension ConfigurationNode {
  /// Block mappings; lists and values of kinds in braces on one line.
  public var yaml: String { yamlLines(indentation: "").joined(separator: "\n") + "\n" }

  /// One line with sorted keys and no blanks.
  public var json: String {
    switch content {
    case .plain(let text): text
    case .quoted(let text): text.quotedJSON
    case .list(let items): "[" + items.map(\.json).joined(separator: ",") + "]"
    case .mapping(let entries):
      "{"
        + entries.sorted { $0.key < $1.key }.map { "\($0.key.quotedJSON):\($0.value.json)" }
        .joined(separator: ",") + "}"
    }
  }

  /// The value on one line.
  public var flowYAML: String {
    switch content {
    case .plain(let text): text
    case .quoted(let text): text.isPlainYAML ? text : text.quotedJSON
    case .list(let items): "[" + items.map(\.flowYAML).joined(separator: ", ") + "]"
    case .mapping(let entries):
      "{ " + entries.map { "\($0.key): \($0.value.flowYAML)" }.joined(separator: ", ") + " }"
    }
  }

  private func yamlLines(indentation: String) -> [String] {
    guard case .mapping(let entries) = content else { return [indentation + flowYAML] }
    return entries.flatMap { entry in
      entry.value.isBlock
        ? ["\(indentation)\(entry.key):"]
          + entry.value.yamlLines(indentation: indentation + "  ")
        : ["\(indentation)\(entry.key): \(entry.value.flowYAML)"]
    }
  }

  private var isBlock: Bool {
    guard case .mapping(let entries) = content else { return false }
    return entries.first?.key != "kind"
  }
}

extension String {
  /// Whether YAML 1.1 and 1.2 both read the text as itself without quotes.
  fileprivate var isPlainYAML: Bool {
    let words = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]
    return wholeMatch(of: /[A-Za-z_\/][A-Za-z0-9_.\/-]*/) != nil && !words.contains(lowercased())
  }

  /// In double quotes, with what JSON or YAML would not take literally escaped.
  fileprivate var quotedJSON: String {
    var quoted = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\u{0}"..<" ", "\u{7F}"..."\u{A0}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}",
        "\u{FFFF}":
        let digits = String(scalar.value, radix: 16, uppercase: true)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
