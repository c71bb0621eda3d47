/// A mapping that is being read: it knows its path, refuses keys that it should not have, and
/// stands for its defaults where nothing was written.
struct Section {
  /// Its key from the root, empty for the root itself.
  let path: String
  /// Where it stands, or the nearest section around it that was written.
  let source: ConfigurationSource
  private let entries: [ConfigurationNode.Entry]

  /// A mapping with none but the given keys.
  ///
  /// - Parameter owner: what the keys belong to, if it is a kind: `optimizer adam`.
  /// - Parameter table: the kinds whose keys a stray key may belong to.
  init(
    _ node: ConfigurationNode, path: String, keys: SectionKeys, owner: String? = nil,
    table: KindTable? = nil
  ) throws(ConfigurationError) {
    guard case .mapping(let entries) = node.content else {
      throw node.wrong(
        at: path, expected: "a mapping of \(Suggestion.list(keys.supported))",
        advice: node.isNothing ? Section.adviceForNothing(path) : nil)
    }
    self.path = path
    source = node.source
    self.entries = entries
    for entry in entries where !keys.supported.contains(entry.key) {
      throw unknown(entry, keys, owner, table)
    }
  }

  /// A section that was not written.
  init(absentAt path: String, in parent: Section) {
    self.path = path
    source = parent.source
    entries = []
  }

  /// The value of a key, nil where it was not written.
  subscript(key: String) -> ConfigurationNode? { entries.first { $0.key == key }?.value }

  /// The path of a key.
  func path(of key: String) -> String { path.appending(key: key) }

  /// A whole number.
  func integer(
    _ key: String, default value: Int, in range: ClosedRange<Int> = 1...ConfigurationNode.mostCount
  ) throws(ConfigurationError) -> Int {
    try self[key]?.integer(at: path(of: key), in: range) ?? value
  }

  /// A number; without a default, one that must be written.
  func number(
    _ key: String, default value: Double? = nil, in range: NumberRange
  ) throws(ConfigurationError) -> Double {
    if let node = self[key] { return try node.number(at: path(of: key), in: range) }
    guard let value else { throw missing(key, expected: range.description) }
    return value
  }

  /// A truth value.
  func flag(_ key: String, default value: Bool) throws(ConfigurationError) -> Bool {
    try self[key]?.flag(at: path(of: key)) ?? value
  }

  /// A text that must be written.
  func text(_ key: String, expected: String) throws(ConfigurationError) -> String {
    guard let node = self[key] else { throw missing(key, expected: expected) }
    return try node.text(at: path(of: key))
  }

  /// One word of a table, as the value that it names.
  func word<Value: RawRepresentable<String>>(
    _ key: String, default value: Value, of table: KindTable
  ) throws(ConfigurationError) -> Value {
    guard let node = self[key] else { return value }
    return try node.named(by: table, at: path(of: key))
  }

  /// A section below this one.
  func section(_ key: String, keys: SectionKeys) throws(ConfigurationError) -> Section {
    guard let node = self[key] else { return Section(absentAt: path(of: key), in: self) }
    return try Section(node, path: path(of: key), keys: keys)
  }

  /// An error about a key that must be written.
  func missing(_ key: String, expected: String) -> ConfigurationError {
    ConfigurationError(
      at: source, path: path(of: key), message: "found nothing, expected \(expected); add it")
  }

  /// An error about the value of a key, written or not.
  ///
  /// - Parameter value: what it is if it was not written.
  /// - Parameter context: what makes it wrong, such as another value.
  func impossible(
    _ key: String, _ value: some CustomStringConvertible, _ context: String = "",
    expected: String, advice: String? = nil
  ) -> ConfigurationError {
    ConfigurationError(
      at: self[key]?.source ?? source, path: path(of: key),
      message: "found \(self[key]?.found ?? "\(value) (the default)")\(context), expected "
        + expected + (advice.map { "; \($0)" } ?? ""))
  }

  private func unknown(
    _ entry: ConfigurationNode.Entry, _ keys: SectionKeys, _ owner: String?, _ table: KindTable?
  ) -> ConfigurationError {
    func error(_ message: String) -> ConfigurationError {
      ConfigurationError(at: entry.keySource, path: path(of: entry.key), message: message)
    }
    if keys.planned.contains(entry.key) {
      return error(
        "not supported in this version: \(entry.key); supported: "
          + keys.supported.joined(separator: ", "))
    }
    let stray = owner.map { "a key that \($0) does not have" } ?? "an unknown key"
    let advice = advice(on: entry.key, keys, table).map { "; \($0)" } ?? ""
    return error(
      "found \(stray), expected \(Suggestion.list(keys.supported))\(advice)")
  }

  private func advice(on key: String, _ keys: SectionKeys, _ table: KindTable?) -> String? {
    if let table {
      // A kind from the command line among the values that a file gave to another kind.
      if let kind = self["kind"], case .commandLine = kind.source, let word = kind.word,
        case .file = source(of: key)
      {
        return "give \(path)=\(word) to replace the whole"
      }
      let owners = table.supported.filter { $0.keys.contains(key) }.map(\.name)
      if !owners.isEmpty {
        return "\(key) belongs to \(table.bareNoun) \(Suggestion.list(owners))"
      }
    }
    let known = keys.supported + keys.planned
    if let nearest = Suggestion.nearest(to: key, among: known) {
      return "did you mean \"\(nearest)\"?"
    }
    let places = SectionKeys.byPath.filter { $0.value.supported.contains(key) && $0.key != path }
      .map { $0.key.appending(key: key) }
    return places.isEmpty ? nil : "did you mean \(Suggestion.list(places))?"
  }

  private func source(of key: String) -> ConfigurationSource {
    entries.first { $0.key == key }?.keySource ?? source
  }

  private static func adviceForNothing(_ path: String) -> String {
    path.isEmpty
      ? "begin with \"name: …\" and \"task: digits\"" : "remove the key for its defaults"
  }
}

extension ConfigurationNode {
  /// The value that a word names; every word of the table must name one.
  func named<Value: RawRepresentable<String>>(
    by table: KindTable, at path: String
  ) throws(ConfigurationError) -> Value {
    let word = try kind(of: table, at: path)
    guard let value = Value(rawValue: word) else {
      preconditionFailure("\(table.noun) \(word) is in the table and not in \(Value.self)")
    }
    return value
  }
}
