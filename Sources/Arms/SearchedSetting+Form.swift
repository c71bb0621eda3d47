import Settings

extension Form<[SearchedSetting]> {
  /// A mapping from keys to ranges, such as `log(0.01..3)`, or to lists of values.
  static var searched: Form {
    let example = "{ rates.initial.rate: log(0.01..3) }"
    let form = Form.keyed("ranges or lists of values", example: example) {
      entry, path throws(ConfigurationError) in
      [SearchedSetting(entry.key, try values(entry.value, path), at: entry.keySource)]
    } write: {
      ($0.key, written($0.values))
    }
    return .refining(
      form,
      { settings, node, path throws(ConfigurationError) in
        guard !settings.isEmpty else {
          throw node.wrong(
            at: path, expected: "a mapping from keys to ranges", advice: "write \(example), say")
        }
        return settings
      }, from: { $0 })
  }

  private static func values(
    _ node: ConfigurationNode, _ path: String
  ) throws(ConfigurationError) -> SearchedValues {
    let expected = "a list of values, or a range such as log(0.01..3)"
    switch node.content {
    case .list(let values):
      guard !values.isEmpty else { throw node.wrong(at: path, expected: expected) }
      return .listed(values)
    case .plain(let text), .quoted(let text):
      let range: SearchRange?
      do {
        range = try SearchRange(text)
      } catch {
        throw ConfigurationError(at: node.source, path: path, message: error.message)
      }
      guard let range else { throw node.wrong(at: path, expected: expected) }
      guard let count = range.count else { return .drawn(range) }
      return .listed(range.values(count: count).map { ConfigurationNode(.plain($0)) })
    case .mapping: throw node.wrong(at: path, expected: expected)
    }
  }

  private static func written(_ values: SearchedValues) -> ConfigurationNode {
    switch values {
    case .drawn(let range): .text(range.description)
    case .listed(let values): ConfigurationNode(.list(values))
    }
  }
}
