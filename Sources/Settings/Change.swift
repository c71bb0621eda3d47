/// A value in place of another in a tree, by the key from the root: `inner.steps`, and 50.
public struct Change: Sendable, Equatable {
  /// The key: words joined by points.
  public let key: String
  /// What is put there; nothing, to return to the default.
  public let value: ConfigurationNode

  /// A value for a key.
  public init(_ key: String, _ value: ConfigurationNode) { (self.key, self.value) = (key, value) }

  /// Puts the value into its place, which need not exist yet.
  ///
  /// - Throws: `ConfigurationError` where something stands on the way that holds no keys.
  public func apply(to root: inout ConfigurationNode) throws(ConfigurationError) {
    // What is no mapping is left for the reader to refuse where it stands.
    guard root.isNothing || root.isMapping else { return }
    let keys = key.split(separator: ".").map(String.init)
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
    case .plain where node.isNothing: (entries, source) = ([], value.source)
    case .plain, .quoted:
      guard node.word != nil else {
        throw ConfigurationError(
          at: value.source, path: path,
          message: "found \(node.found) at \(node.source), expected a mapping with \(key)")
      }
      // A bare word is a mapping's kind.
      entries = [ConfigurationNode.Entry("kind", at: node.source, node)]
      source = value.source
    case .list:
      throw ConfigurationError(
        at: value.source, path: path,
        message: "found a list at \(node.source), expected a mapping; give \(path)=[…] as a whole")
    }
    let position = entries.firstIndex { $0.key == key }
    let below = path.appending(key: key)
    let empty = ConfigurationNode(.mapping([]), at: value.source)
    let existing = position.map { entries[$0].value } ?? empty
    let replacement = try replacing(keys.dropFirst(), in: existing, path: below)
    if keys.count == 1, value.isNothing {
      if let position { entries.remove(at: position) }
    } else if let position {
      entries[position].value = replacement
    } else {
      entries.append(ConfigurationNode.Entry(key, at: value.source, replacement))
    }
    return ConfigurationNode(.mapping(entries), at: source)
  }
}

extension Form<[Change]> {
  /// A mapping from keys to values in place of others. A mapping without `kind` changes the keys
  /// that it has; whatever else stands there replaces the value as a whole.
  public static var changes: Form {
    .keyed("values", example: "{ inner.optimizer: adam }") { entry, _ in
      flattened(entry, below: "")
    } write: {
      ($0.key, $0.value)
    }
  }

  private static func flattened(
    _ entry: ConfigurationNode.Entry, below path: String
  ) -> [Change] {
    let key = path.appending(key: entry.key)
    guard case .mapping(let inner) = entry.value.content, !inner.isEmpty,
      entry.value["kind"] == nil
    else { return [Change(key, entry.value)] }
    return inner.flatMap { flattened($0, below: key) }
  }
}
