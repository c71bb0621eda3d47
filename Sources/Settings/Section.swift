/// What a value is read with, besides the text: the kinds there are, and where else a stray key may
/// belong.
struct ReadingContext: Sendable {
  let laboratory: Laboratory
  /// What becomes of the paths of files.
  let paths: FilePaths
  /// Paths of every section's keys, for advice on stray ones.
  let sectionKeys: @Sendable () -> [(section: String, key: String)]

  /// Places of a key outside a section.
  func places(of key: String, outside path: String) -> [String] {
    sectionKeys().filter { $0.key == key && $0.section != path }
      .map { $0.section.appending(key: key) }
  }
}

/// A mapping that is being read: it knows its path, and stands for its defaults where nothing was
/// written.
struct Section: Sendable {
  /// Its key from the root, empty for the root itself.
  let path: String
  /// Where it stands, or the nearest value around it that was written.
  let source: ConfigurationSource
  let entries: [ConfigurationNode.Entry]

  /// A mapping with none but the given keys.
  init(
    _ node: ConfigurationNode, path: String, keys: [String], _ context: ReadingContext
  ) throws(ConfigurationError) {
    guard case .mapping(let entries) = node.content else {
      let advice = path.isEmpty ? Section.adviceForRoot : "remove the key for its defaults"
      throw node.wrong(
        at: path, expected: "a mapping of \(Suggestion.list(keys))",
        advice: node.isNothing ? advice : nil)
    }
    self.init(path: path, source: node.source, entries: entries)
    for entry in entries where !keys.contains(entry.key) {
      let places = context.places(of: entry.key, outside: path)
      let advice =
        Section.nearest(entry.key, keys)
        ?? (places.isEmpty ? nil : "did you mean \(Suggestion.list(places))?")
      throw stray(entry, "an unknown key", keys, advice)
    }
  }

  /// What a configuration begins with.
  static let adviceForRoot = "begin with \"name: …\" and \"task: digits\""

  init(path: String, source: ConfigurationSource, entries: [ConfigurationNode.Entry]) {
    self.path = path
    self.source = source
    self.entries = entries
  }

  /// The value of a key, nil where it was not written.
  subscript(key: String) -> ConfigurationNode? { entries.first { $0.key == key }?.value }

  /// An error about a key that must be written.
  func missing(_ key: String, expected: String) -> ConfigurationError {
    ConfigurationError(
      at: source, path: path.appending(key: key),
      message: "found nothing, expected \(expected); add it")
  }

  /// An error about a key that does not belong here.
  func stray(
    _ entry: ConfigurationNode.Entry, _ found: String, _ keys: [String], _ advice: String?
  ) -> ConfigurationError {
    ConfigurationError(
      at: entry.keySource, path: path.appending(key: entry.key),
      message: "found \(found), expected \(Suggestion.list(keys))"
        + (advice.map { "; \($0)" } ?? ""))
  }

  /// Advice on a key that may be a slip of the fingers.
  static func nearest(_ key: String, _ keys: [String]) -> String? {
    Suggestion.nearest(to: key, among: keys).map { "did you mean \"\($0)\"?" }
  }
}
