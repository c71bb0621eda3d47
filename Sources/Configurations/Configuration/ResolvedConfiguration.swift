import Foundation
import MetaLearning
import Settings

/// A configuration and where each of its values comes from.
public struct ResolvedConfiguration: Sendable {
  /// One value.
  public struct Entry: Sendable, Equatable {
    /// Its key: `inner.optimizer.kind`, `inner.clip[0].limit`.
    public let path: String
    /// The value as YAML.
    public let value: String
    /// Who gave it.
    public let source: ConfigurationSource
  }

  /// The configuration.
  public let configuration: RunConfiguration
  /// Every value, defaults included, in the order of `canonicalYAML`.
  public let entries: [Entry]

  /// A configuration file, at most so large.
  private static let mostBytes = 1 << 20

  /// Reads a file and changes it as overrides such as `inner.steps=50` say, in their order.
  ///
  /// - Parameters:
  ///   - path: the file's.
  ///   - overrides: changes, each `key=value`.
  ///   - laboratory: the kinds that the file may name.
  ///   - paths: what becomes of the paths of files.
  /// - Throws: `ConfigurationError`, of kind `unreadable` where the file is missing or unreadable.
  public static func load(
    path: String, overrides: [String] = [], in laboratory: Laboratory,
    paths: FilePaths = .asWritten
  ) throws(ConfigurationError) -> ResolvedConfiguration {
    let start = ConfigurationSource.file(path, line: 1, column: 1)
    let bytes = try contents(of: path)
    try requireUsualSize(bytes.count, at: start)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConfigurationError(
        at: start, path: "",
        message: "found bytes that are no UTF-8, expected a configuration in YAML; is it the "
          + "right file?")
    }
    return try parse(
      yaml: text, name: path, overrides: overrides, in: laboratory,
      paths: paths)
  }

  /// Reads a text; `name` is what errors call it.
  public static func parse(
    yaml: String, name: String, overrides: [String] = [], in laboratory: Laboratory,
    paths: FilePaths = .asWritten
  ) throws(ConfigurationError) -> ResolvedConfiguration {
    try requireUsualSize(yaml.utf8.count, at: .file(name, line: 1, column: 1))
    var node = try ConfigurationNode(yaml: yaml) { .file(name, line: $0, column: $1) }
    for override in overrides { try Override(override).change.apply(to: &node) }
    guard !node.isNothing else {
      throw ConfigurationError(
        at: node.source, path: "",
        message: "found an empty configuration, expected a mapping; begin with \"name: …\" and "
          + "\"task: digits\"")
    }
    var configuration = try RunConfiguration.read(
      node, in: laboratory, standard: .standard, paths: paths)
    try configuration.settleArms(in: laboratory, paths: paths)
    let entries = configuration.node.leaves.map { leaf in
      Entry(
        path: ConfigurationNode.path(of: leaf.keys), value: leaf.value,
        source: node.source(of: leaf.keys))
    }
    return ResolvedConfiguration(configuration: configuration, entries: entries)
  }

  private static func requireUsualSize(
    _ bytes: Int, at start: ConfigurationSource
  ) throws(ConfigurationError) {
    guard bytes <= mostBytes else {
      throw ConfigurationError(
        at: start, path: "",
        message: "found more than \(mostBytes) bytes, expected a configuration; is it the right "
          + "file?")
    }
  }

  private static func contents(of path: String) throws(ConfigurationError) -> [UInt8] {
    func unreadable() -> ConfigurationError {
      ConfigurationError(
        .unreadable, at: .file(path, line: 1, column: 1), path: "",
        message: "cannot be read: \(String(cString: strerror(errno))); check the path")
    }
    guard let file = fopen(path, "rb") else { throw unreadable() }
    defer { fclose(file) }
    // One byte more than allowed tells a file that is too large.
    var bytes = [UInt8](repeating: 0, count: mostBytes + 1)
    let count = fread(&bytes, 1, bytes.count, file)
    guard ferror(file) == 0 else { throw unreadable() }
    return Array(bytes.prefix(count))
  }
}

extension RunConfiguration {
  /// Reads what `canonicalJSON` wrote, as strictly as a file.
  ///
  /// - Parameters:
  ///   - name: what errors call the text.
  ///   - laboratory: the kinds that it may name.
  package init(
    json: String, name: String = "checkpoint", in laboratory: Laboratory
  ) throws(ConfigurationError) {
    self = try ResolvedConfiguration.parse(yaml: json, name: name, in: laboratory).configuration
  }
}

extension ConfigurationNode {
  /// A key as it is written: `inner.clip[0].limit`.
  static func path(of keys: [String]) -> String {
    keys.reduce("") { $1.hasPrefix("[") ? $0 + $1 : $0.appending(key: $1) }
  }

  /// Values that hold no others, lists of scalars among them, with their keys; `[0]` is an index.
  var leaves: [(keys: [String], value: String)] {
    switch content {
    case .plain(let text), .quoted(let text): return [([], text)]
    case .list(let items):
      let holdsMappings = items.contains(where: \.isMapping)
      guard holdsMappings else { return [([], flowYAML)] }
      return items.enumerated().flatMap { index, item in
        item.leaves.map { (["[\(index)]"] + $0.keys, $0.value) }
      }
    case .mapping(let entries):
      return entries.flatMap { entry in
        entry.value.leaves.map { ([entry.key] + $0.keys, $0.value) }
      }
    }
  }

  /// Where the value at some keys of a full tree was written in this one, which may be shorter: a
  /// word for a kind, a value for a list of one, or nothing.
  fileprivate func source(of keys: [String]) -> ConfigurationSource {
    let source = source(of: keys[...])
    // A chain that only clips is written by its short key, whichever key it was read by.
    guard source == .defaultValue, keys.starts(with: ["inner", "clip"]) else { return source }
    return self.source(of: ["inner", "transformations"] + keys[2...])
  }

  private func source(of keys: ArraySlice<String>) -> ConfigurationSource {
    guard let key = keys.first else {
      guard case .mapping = content else { return source }
      return self["kind"]?.source ?? .defaultValue
    }
    let rest = keys.dropFirst()
    switch content {
    case .list(let items):
      guard let index = Int(key.dropFirst().dropLast()), items.indices.contains(index) else {
        return .defaultValue
      }
      return items[index].source(of: rest)
    case .mapping, .plain, .quoted:
      if key == "[0]" { return source(of: rest) }
      if let value = self[key] { return value.source(of: rest) }
      let isWord = if case .mapping = content { false } else { true }
      return isWord && key == "kind" && rest.isEmpty ? source : .defaultValue
    }
  }
}
