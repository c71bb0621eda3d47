import Settings

/// A setting whose values cross with the arms that learn.
public struct Factor: Sendable {
  /// The setting's key.
  public let key: String
  /// Its values.
  public let values: [ConfigurationNode]
  /// Where the key was written.
  let source: ConfigurationSource
}

extension Form<[Factor]> {
  /// A mapping from keys to lists of values, or `none`.
  static var factors: Form {
    let form = Form.keyed(
      "lists of values", example: "{ outer.cadence: [restarted, carried] }"
    ) { entry, path throws(ConfigurationError) in
      guard case .list(let values) = entry.value.content, values.count > 1 else {
        throw entry.value.wrong(at: path, expected: "a list of two values or more")
      }
      return [Factor(key: entry.key, values: values, source: entry.keySource)]
    } write: {
      ($0.key, ConfigurationNode(.list($0.values)))
    }
    return .refining(
      .optional(form), { factors, _, _ in factors ?? [] }, from: { $0.isEmpty ? nil : $0 })
  }
}
