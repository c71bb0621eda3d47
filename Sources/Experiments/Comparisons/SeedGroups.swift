import Configurations
import Settings

/// Configurations sorted into groups that differ in nothing but their seeds.
struct SeedGroups: Sendable {
  /// One group.
  struct Group: Sendable {
    /// Which configurations, in ascending order of seeds.
    let members: [Int]
    /// Values of the settings that tell groups apart; `—` where it has no such setting.
    let values: [String]
  }

  /// Keys of the settings that tell groups apart.
  let keys: [String]
  /// In the order of their first members.
  let groups: [Group]

  init(_ configurations: [RunConfiguration]) {
    var order: [String] = []
    var members: [String: [Int]] = [:]
    for (index, configuration) in configurations.enumerated() {
      let name = configuration.unseeded.canonicalJSON
      if members[name] == nil { order.append(name) }
      members[name, default: []].append(index)
    }
    let sorted = order.map { name in
      (members[name] ?? []).sorted { configurations[$0].seed < configurations[$1].seed }
    }
    let settings = sorted.map { SettingList(configurations[$0[0]].unseeded) }
    var different: Set<String> = []
    var keys: [String] = []
    for list in settings {
      let differences = SettingDifferences(there: settings[0], here: list).differences
      different.formUnion(differences.map(\.key))
      keys += list.entries.map(\.key).filter { !keys.contains($0) }
    }
    keys = Self.undetermined(keys.filter(different.contains), settings)
    self.keys = keys
    groups = zip(sorted, settings).map { members, list in
      Group(members: members, values: keys.map { list[$0] ?? "—" })
    }
  }

  /// Keys without those that the kind above them decides: where optimizers differ, so do the
  /// numbers that they have.
  private static func undetermined(_ keys: [String], _ settings: [SettingList]) -> [String] {
    keys.filter { key in
      !keys.contains { kind in
        guard key.hasPrefix("\(kind).") else { return false }
        return Dictionary(grouping: settings) { $0[kind] }.values.allSatisfy { group in
          group.allSatisfy { $0[key] == group[0][key] }
        }
      }
    }
  }
}

extension RunConfiguration {
  /// The configuration without what tells its repetitions apart.
  fileprivate var unseeded: RunConfiguration {
    var copy = withoutClaim
    copy.seed = 0
    copy.task.splitSeed = task.splitSeed.map { _ in 0 }
    return copy
  }
}
