import Settings
import Yams

extension ConfigurationNode {
  /// Values in a file; a bound on what aliases of aliases can blow up to.
  private static let mostValues = 10_000

  /// Reads YAML, with duplicate keys refused.
  ///
  /// - Parameters:
  ///   - path: the key that the text is the value of, empty for a whole configuration.
  ///   - place: what a line and a column of the text are called.
  package init(
    yaml: String, path: String = "",
    place: @escaping (_ line: Int, _ column: Int) -> ConfigurationSource
  ) throws(ConfigurationError) {
    var reader = YAMLReader(yaml, place: place, remaining: ConfigurationNode.mostValues)
    self = try reader.read(path)
  }
}

/// Turns Yams' nodes into nodes that know where they stand.
private struct YAMLReader {
  private let text: MaskedText
  private let place: (Int, Int) -> ConfigurationSource
  private var remaining: Int

  init(_ yaml: String, place: @escaping (Int, Int) -> ConfigurationSource, remaining: Int) {
    text = MaskedText(yaml)
    self.place = place
    self.remaining = remaining
  }

  mutating func read(_ path: String) throws(ConfigurationError) -> ConfigurationNode {
    var masked = text
    let root = try compose(&masked)
    guard let root else {
      return ConfigurationNode(.plain(""), at: place(1, 1))
    }
    return try convert(root, path: path, masked)
  }

  /// Yams refuses duplicate keys without saying where the second stands, so the first is masked and
  /// the text is composed again until none is left; `convert` then finds them. Of many, not all are
  /// looked for.
  private func compose(_ masked: inout MaskedText) throws(ConfigurationError) -> Node? {
    var duplicates = 0
    while true {
      do {
        return try Yams.compose(yaml: masked.text)
      } catch let error as YamlError {
        guard case .duplicatedKeysInMapping(let keys, let context) = error else {
          throw syntaxError(error)
        }
        duplicates += 1
        guard duplicates <= Self.mostDuplicates,
          duplicates * masked.text.utf8.count <= Self.mostBytes,
          masked.mask(line: context.mark.line, column: context.mark.column)
        else {
          throw ConfigurationError(
            at: place(context.mark.line, context.mark.column), path: keys.sorted().first ?? "",
            message: "found the key twice, expected it once; remove one")
        }
      } catch {
        throw ConfigurationError(at: place(1, 1), path: "", message: "found no YAML: \(error)")
      }
    }
  }

  /// Duplicates that are told where they stand.
  private static let mostDuplicates = 20
  /// Bytes that are composed again for them.
  private static let mostBytes = 1 << 21

  private mutating func convert(
    _ node: Node, path: String, _ masked: MaskedText
  ) throws(ConfigurationError) -> ConfigurationNode {
    let source = source(of: node)
    remaining -= 1
    guard remaining >= 0 else {
      throw ConfigurationError(
        at: source, path: path, message: "found too many values, expected a configuration")
    }
    switch node {
    case .scalar(let scalar):
      return ConfigurationNode(
        scalar.style == .plain ? .plain(scalar.string) : .quoted(scalar.string), at: source)
    case .sequence(let sequence):
      var items: [ConfigurationNode] = []
      for (index, item) in sequence.enumerated() {
        items.append(try convert(item, path: "\(path)[\(index)]", masked))
      }
      return ConfigurationNode(.list(items), at: source)
    case .mapping(let mapping):
      var entries: [ConfigurationNode.Entry] = []
      for (keyNode, value) in mapping {
        let entry = try entry(keyNode, value, path, masked)
        if let first = entries.first(where: { $0.key == entry.key }) {
          throw ConfigurationError(
            at: entry.keySource, path: path.appending(key: entry.key),
            message: "found the key twice, expected it once; remove "
              + (first.keySource == entry.keySource
                ? "one" : "this one or the one at \(first.keySource.place)"))
        }
        entries.append(entry)
      }
      return ConfigurationNode(.mapping(entries), at: source)
    case .alias:
      throw ConfigurationError(
        at: source, path: path, message: "found an alias, expected a value; write the value")
    }
  }

  private mutating func entry(
    _ keyNode: Node, _ value: Node, _ path: String, _ masked: MaskedText
  ) throws(ConfigurationError) -> ConfigurationNode.Entry {
    let source = source(of: keyNode)
    guard case .scalar(let scalar) = keyNode else {
      throw ConfigurationError(
        at: source, path: path, message: "found a list or mapping as a key, expected a word")
    }
    let key = masked.unmasked(
      scalar.string, line: keyNode.mark?.line ?? 1, column: keyNode.mark?.column ?? 1)
    return ConfigurationNode.Entry(
      key, at: source, try convert(value, path: path.appending(key: key), masked))
  }

  private func source(of node: Node) -> ConfigurationSource {
    place(node.mark?.line ?? 1, node.mark?.column ?? 1)
  }

  private func syntaxError(_ error: YamlError) -> ConfigurationError {
    let advice = "; check brackets, quotes, colons and indentation"
    switch error {
    case .composer(_, let problem, let mark, _) where problem.hasSuffix("another document"):
      return ConfigurationError(
        at: place(mark.line, mark.column), path: "",
        message: "found a second document, expected one; remove the line \"---\"")
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let within = context.map { " (\($0.text) from \($0.mark))" } ?? ""
      return ConfigurationError(
        at: place(mark.line, mark.column), path: "",
        message: "found broken YAML: \(problem)\(within)\(advice)")
    case .reader(let problem, let offset, _, let yaml):
      let (line, column) = MaskedText.position(of: offset ?? 0, in: yaml)
      return ConfigurationError(
        at: place(line, column), path: "", message: "found broken YAML: \(problem)")
    default:
      return ConfigurationError(
        at: place(1, 1), path: "", message: "found broken YAML: \("\(error)".inOneLine)")
    }
  }
}
