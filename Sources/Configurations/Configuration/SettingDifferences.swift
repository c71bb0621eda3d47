import Settings

/// Settings by key, in the order of `canonicalYAML`, and what tells two of them apart.
package struct SettingList: Sendable, Equatable {
  /// One setting.
  package struct Entry: Sendable, Equatable {
    /// Its key, as an override writes it: `inner.optimizer`, `inner.clip[0].limit`.
    package let key: String
    /// The value as YAML.
    package let value: String

    /// A setting.
    package init(_ key: String, _ value: String) { (self.key, self.value) = (key, value) }
  }

  /// The settings, no key twice.
  package var entries: [Entry]

  /// Some settings.
  package init(_ entries: [Entry]) { self.entries = entries }

  /// All settings of a configuration. A kind stands at its own key, whether it has settings or not.
  package init(_ configuration: RunConfiguration) {
    entries = configuration.node.leaves.map { leaf in
      let keys = leaf.keys.count > 1 && leaf.keys.last == "kind" ? leaf.keys.dropLast() : leaf.keys
      return Entry(ConfigurationNode.path(of: keys), leaf.value)
    }
  }

  /// The value of a key; nil where there is no such setting.
  package subscript(key: String) -> String? { entries.first { $0.key == key }?.value }

  /// The settings whose keys a condition admits.
  package func filter(_ isIncluded: (String) -> Bool) -> SettingList {
    SettingList(entries.filter { isIncluded($0.key) })
  }
}

/// The settings in which what is there differs from what was asked for here.
package struct SettingDifferences: Sendable, Equatable, CustomStringConvertible {
  /// One of them.
  package struct Difference: Sendable, Equatable {
    /// The setting's key.
    package let key: String
    /// Its value there; nil where there is no such setting.
    package let there: String?
    /// Its value here; nil where there is no such setting.
    package let here: String?
  }

  /// Settings that differ, in the order of those there, then those that are only here.
  package let differences: [Difference]

  /// So many are spelled out.
  package static let mostShown = 10

  /// Compares settings.
  package init(there: SettingList, here: SettingList) {
    let (old, new) = (there.values, here.values)
    let onlyHere = here.entries.filter { old[$0.key] == nil }
    differences = (there.entries + onlyHere).compactMap { entry in
      let (first, second) = (old[entry.key], new[entry.key])
      return first == second ? nil : Difference(key: entry.key, there: first, here: second)
    }
  }

  /// Compares configurations.
  package init(there: RunConfiguration, here: RunConfiguration) {
    self.init(there: SettingList(there), here: SettingList(here))
  }

  /// Whether there is none.
  package var isEmpty: Bool { differences.isEmpty }

  /// A line for each difference, `key: there → here`, without a line break at the end.
  package var description: String {
    let shown = differences.prefix(Self.mostShown).map {
      "  \($0.key): \(($0.there ?? "—").inOneLine) → \(($0.here ?? "—").inOneLine)"
    }
    let rest = differences.count - shown.count
    return (shown + (rest > 0 ? ["  and \(rest) more"] : [])).joined(separator: "\n")
  }
}

extension SettingList {
  fileprivate var values: [String: String] {
    Dictionary(entries.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}
