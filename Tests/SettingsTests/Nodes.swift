import Settings

/// Trees without a file: Settings know nothing of YAML, so that a tree is written as literals.
extension ConfigurationNode: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByBooleanLiteral
{
  /// A word, or nothing, without quotes.
  public init(stringLiteral text: String) { self.init(.plain(text)) }
  /// A whole number.
  public init(integerLiteral number: Int) { self.init(.plain("\(number)")) }
  /// A number.
  public init(floatLiteral number: Double) { self.init(.plain("\(number)")) }
  /// A truth value.
  public init(booleanLiteral truth: Bool) { self.init(.plain("\(truth)")) }
  /// A list.
  public init(arrayLiteral items: ConfigurationNode...) { self.init(.list(items)) }
  /// A mapping.
  public init(dictionaryLiteral entries: (String, ConfigurationNode)...) {
    self.init(.mapping(entries.map { Entry($0.0, at: .defaultValue, $0.1) }))
  }

  /// The same tree in a file: values in their order, a line each, keys before them.
  func placed() -> ConfigurationNode {
    var line = 0
    return placed(&line)
  }

  private func placed(_ line: inout Int) -> ConfigurationNode {
    line += 1
    let here = ConfigurationSource.file("g.yaml", line: line, column: 2)
    switch content {
    case .plain, .quoted: return ConfigurationNode(content, at: here)
    case .list(let items):
      return ConfigurationNode(.list(items.map { $0.placed(&line) }), at: here)
    case .mapping(let entries):
      return ConfigurationNode(
        .mapping(
          entries.map { entry in
            let key = ConfigurationSource.file("g.yaml", line: line + 1, column: 1)
            return Entry(entry.key, at: key, entry.value.placed(&line))
          }), at: here)
    }
  }
}

/// What a garden's tree reads as.
func garden(_ node: ConfigurationNode) throws -> Garden {
  try Garden.read(node, in: .garden, standard: Garden())
}

/// A garden of which a name and one value are written.
func garden(_ key: String, _ value: ConfigurationNode) throws -> Garden {
  try garden(["name": "a", key: value])
}

/// What is said of a value that a garden cannot have, without its place; nil where it can.
func refusal(_ key: String, _ value: ConfigurationNode) -> String? {
  refusal(key == "name" ? ["name": value] : ["name": "a", key: value]).map {
    String($0.drop { $0 != " " }.dropFirst())
  }
}

/// The same of a whole tree, with the place: a line a value, in their order.
func refusal(_ node: ConfigurationNode) -> String? {
  do {
    _ = try Garden.read(node.placed(), in: .garden, standard: Garden())
    return nil
  } catch {
    return error.description
  }
}
