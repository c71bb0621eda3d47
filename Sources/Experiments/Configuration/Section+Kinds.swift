/// A value of one of several kinds: a word, or a mapping with the key `kind` and the kind's own
/// keys.
struct KindSection {
  /// The kind.
  let kind: String
  /// The kind's own values; `kind` is in it as well.
  let section: Section

  /// Reads a word or a mapping.
  ///
  /// - Parameter kind: the kind of a mapping that does not say.
  /// - Parameter also: keys that every kind has here.
  init(
    _ node: ConfigurationNode, path: String, of table: KindTable, default kind: String? = nil,
    also: [String] = []
  ) throws(ConfigurationError) {
    guard case .mapping(let entries) = node.content else {
      self.kind = try node.kind(of: table, at: path)
      // A word has no keys: the empty mapping in its place reads defaults and names its location.
      section = try Section(
        ConfigurationNode(.mapping([]), at: node.source), path: path,
        keys: SectionKeys(supported: []))
      return
    }
    if let word = node["kind"] {
      self.kind = try word.kind(of: table, at: path.appending(key: "kind"))
    } else if let kind {
      self.kind = kind
    } else {
      let slip = entries.first { Suggestion.nearest(to: $0.key, among: ["kind"]) != nil }
      throw ConfigurationError(
        at: slip?.keySource ?? node.source, path: path,
        message: "found a mapping without kind, expected \(table.noun): "
          + "\(Suggestion.list(table.names)); add \"kind: \(table.names[0])\"")
    }
    section = try Section(
      node, path: path,
      keys: SectionKeys(supported: ["kind"] + table.keys(of: self.kind) + also),
      owner: "\(table.bareNoun) \(self.kind)", table: table)
  }

  /// A value that was not written.
  init(kind: String, absentAt path: String, in parent: Section) {
    self.kind = kind
    section = Section(absentAt: path, in: parent)
  }
}

extension Section {
  /// A value of one of several kinds; without a default, one that must be written.
  func kinded(
    _ key: String, of table: KindTable, default kind: String? = nil, also: [String] = []
  ) throws(ConfigurationError) -> KindSection {
    if let node = self[key] {
      return try KindSection(node, path: path(of: key), of: table, default: kind, also: also)
    }
    guard let kind else {
      throw missing(key, expected: "\(table.noun): \(Suggestion.list(table.names))")
    }
    return KindSection(kind: kind, absentAt: path(of: key), in: self)
  }
}
