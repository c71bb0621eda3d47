/// Every key that a configuration may have, with its default and, where it names a kind, the kinds
/// and their own keys.
package enum ConfigurationKeys {
  /// The table for a terminal.
  package static var text: String {
    Table([.left("key"), .left("default"), .left("kinds, with their keys")], rows: rows).text
  }

  static var rows: [[String]] {
    let sections = Set(SectionKeys.byPath.map(\.key))
    return SectionKeys.byPath.flatMap { path, section in
      section.supported.map { path.appending(key: $0) }.filter { !sections.contains($0) }
        .flatMap { key in
          // Keys of kinds that are kinds themselves come right behind.
          ([key] + KindTable.byPath.map(\.path).filter { $0.hasPrefix(key + ".") })
            .flatMap { rows(of: $0) }
        }
    }
  }

  private static func rows(of key: String) -> [[String]] {
    let value =
      defaults.first {
        // An interval of seconds is the only default that is a mapping without kind.
        [key, key.appending(key: "kind")].contains($0.path)
      }?.value
      ?? defaults.first { $0.path == key.appending(key: "seconds") }.map {
        "{ seconds: \($0.value) }"
      }
    guard let row = KindTable.byPath.first(where: { $0.path == key }) else {
      return [[key, value ?? "—"]]
    }
    if row.table.supported.allSatisfy({ $0.keys.isEmpty }) && row.also.isEmpty {
      return [[key, value ?? "—", row.table.names.joined(separator: ", ")]]
    }
    return row.table.supported.enumerated().map { position, kind in
      let keys = kind.keys + row.also
      return [
        position == 0 ? key : "", position == 0 ? value ?? "—" : "",
        kind.name + (keys.isEmpty ? "" : " { \(keys.joined(separator: ", ")) }"),
      ]
    }
  }

  /// What the shortest configuration comes to, its own two values aside.
  private static let defaults: [ResolvedConfiguration.Entry] = {
    guard
      let shortest = try? ResolvedConfiguration.parse(yaml: "name: a\ntask: digits", name: "keys")
    else { preconditionFailure("the shortest configuration is none") }
    return shortest.entries.filter { $0.source == .defaultValue }
  }()
}

extension KindTable {
  /// Which keys name kinds, and which keys all of those kinds have there.
  static let byPath: [(path: String, table: KindTable, also: [String])] = [
    ("task", .tasks, []), ("task.loss", .losses, []), ("task.teacher", .teachers, []),
    ("model", .models, []), ("model.activation", .activations, []),
    ("model.normalization", .normalizations, []), ("inner.optimizer", .optimizers, []),
    ("inner.clip", .clips, []), ("inner.transformations", .transformations, []),
    ("inner.schedule", .schedules, []), ("inner.online.rule", .onlineRules, []),
    ("rates.granularity", .granularities, []), ("rates.granularity.index", .layerIndices, []),
    ("rates.time", .times, []), ("rates.parameterization", .parameterizations, []),
    ("rates.initial", .initialRates, []),
    ("rates.initial.state", .learnedStates, []), ("inner.scalars", .initialScalars, []),
    ("inner.scalars.state", .learnedStates, []),
    ("outer.initialWeights.state", .learnedStates, []),
    ("hypergradient.estimator", .estimators, []),
    ("hypergradient.memory", .memories, []), ("outer.optimizer", .optimizers, ["rate"]),
    ("outer.schedule", .schedules, []), ("outer.learn", .learnTargets, []),
    ("outer.initialWeights", .initialWeights, []), ("outer.objective", .objectives, []),
    ("outer.clip", .clips, []), ("outer.cadence", .cadences, []), ("outer.horizon", .horizons, []),
    ("precision", .precisions, []),
  ]
}
