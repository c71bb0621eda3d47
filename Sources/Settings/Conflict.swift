/// Values that cannot stand together, or one that cannot be what it is: what a check of a schema
/// finds.
public struct Conflict: Sendable, Equatable {
  /// The key to blame, from the value that was checked: `test`, `parts[0].for`.
  let keys: String
  private let content: Content

  private enum Content: Sendable, Equatable {
    case message(String)
    case value(String, context: String, expected: String, advice: String?, ifUnwritten: String?)
  }

  /// A conflict in its own words: what was found, what was expected, what to do.
  public init(_ keys: String, _ message: String) {
    self.keys = keys
    content = .message(message)
  }

  /// A value that is impossible beside another one.
  ///
  /// - Parameters:
  ///   - keys: where the value stands, such as `inner.steps`.
  ///   - value: what it is, where it was not written.
  ///   - context: what makes it wrong, such as ` beside test 0.5`.
  ///   - expected: what it could be instead.
  ///   - advice: what to do.
  ///   - ifUnwritten: what to do where the value is a default.
  public init(
    _ keys: String, _ value: some CustomStringConvertible, _ context: String = "",
    expected: String, advice: String? = nil, ifUnwritten: String? = nil
  ) {
    self.keys = keys
    content = .value(
      "\(value)", context: context, expected: expected, advice: advice, ifUnwritten: ifUnwritten)
  }

  /// Two values that are not in ascending order; the one that was written is to blame.
  public static func unordered(
    _ lowKey: String, _ low: Double, _ highKey: String, _ high: Double, mayBeEqual: Bool = false,
    _ written: Written
  ) -> Conflict? {
    guard !(low < high || (mayBeEqual && low == high)) else { return nil }
    return written.contains(highKey) || !written.contains(lowKey)
      ? Conflict(
        highKey, high, expected: (mayBeEqual ? "at least " : "above ") + "\(lowKey), \(low)")
      : Conflict(
        lowKey, low, expected: (mayBeEqual ? "at most " : "below ") + "\(highKey), \(high)")
  }

  /// The same conflict, seen from the value around.
  public func within(_ key: String) -> Conflict {
    Conflict(keys: keys.isEmpty ? key : "\(key).\(keys)", content: content)
  }

  private init(keys: String, content: Content) {
    self.keys = keys
    self.content = content
  }

  /// The error, at the value where it was written, or at the nearest one around it that was.
  func error(in section: Section) -> ConfigurationError {
    let (source, node) = section.locate(keys)
    return ConfigurationError(
      at: source, path: section.path.appending(key: keys), message: message(node))
  }

  /// The words; `node` is what was written at the key, if anything.
  private func message(_ node: ConfigurationNode?) -> String {
    switch content {
    case .message(let text): return text
    case .value(let value, let context, let expected, let advice, let ifUnwritten):
      let found = node?.found ?? "\(value) (the default)"
      let advice = node == nil ? ifUnwritten ?? advice : advice
      return "found \(found)\(context), expected \(expected)" + (advice.map { "; \($0)" } ?? "")
    }
  }
}

/// Which values of a section were written, for defaults that depend on others and for checks that
/// blame the right one.
public struct Written: Sendable {
  private let section: Section

  init(_ section: Section) { self.section = section }

  /// Whether a value was written, by its key from the section: `test`, `horizon.from`.
  public func contains(_ keys: String) -> Bool { section.locate(keys).1 != nil }

  /// Which of a value's own were written.
  public func within(_ key: String) -> Written {
    guard let node = section[key], case .mapping(let entries) = node.content else {
      return Written(
        Section(path: section.path.appending(key: key), source: section.source, entries: []))
    }
    return Written(
      Section(path: section.path.appending(key: key), source: node.source, entries: entries))
  }
}

extension Section {
  /// The value at some keys such as `parts[0].for` and its place; without the value, the place of
  /// the nearest one around it.
  func locate(_ keys: String) -> (ConfigurationSource, ConfigurationNode?) {
    var (place, node) = (source, ConfigurationNode(.mapping(entries), at: source))
    for key in keys.split(separator: ".") {
      var names = key.split(separator: "[").map(String.init)
      let name = names.removeFirst()
      guard let value = node[name] else { return (place, nil) }
      (place, node) = (value.source, value)
      for index in names {
        // A value that is no list is a list of one.
        guard let position = Int(index.dropLast()), node.listed.indices.contains(position) else {
          return (place, nil)
        }
        node = node.listed[position]
        place = node.source
      }
    }
    return (place, node)
  }
}
