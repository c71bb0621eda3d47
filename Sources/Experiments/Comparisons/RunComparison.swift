import Configurations
import Foundation
import MetaLearning
import Reports
import Settings
import TensorPrograms

/// Runs of several folders side by side: runs that differ in nothing but their seeds are one group.
package struct RunComparison: Sendable {
  /// Runs of one configuration with different seeds.
  package struct Group: Sendable {
    /// In ascending order of seeds.
    package let records: [RunRecord]
    /// Values of the settings that tell groups apart; `—` where a group has no such setting.
    package let values: [String]

    /// Test loss of the start; nil where it was not tested in some run.
    package var start: SeedMean? {
      let losses = records.compactMap(\.startLoss)
      return losses.count == records.count ? SeedMean(losses) : nil
    }

    /// Test loss of the state that validation chose.
    package var learned: SeedMean { SeedMean(records.map(\.loss)) }

    /// Learned minus start, seed by seed; nil where the start was not tested in some run.
    package var difference: SeedDifference? {
      let starts = records.compactMap(\.startLoss)
      guard starts.count == records.count else { return nil }
      return SeedDifference(learned: records.map(\.loss), start: starts)
    }
  }

  /// Keys of the settings that tell groups apart.
  package let keys: [String]
  /// In the order in which their first runs were given.
  package let groups: [Group]

  /// Sorts runs into groups.
  package init(_ records: [RunRecord]) {
    var order: [String] = []
    var runs: [String: [RunRecord]] = [:]
    for record in records {
      let name = record.configuration.unseeded.canonicalJSON
      if runs[name] == nil { order.append(name) }
      runs[name, default: []].append(record)
    }
    let sorted = order.map { (runs[$0] ?? []).sorted { $0.seed < $1.seed } }
    let settings = sorted.map { SettingList($0[0].configuration.unseeded) }
    var different: Set<String> = []
    var keys: [String] = []
    for list in settings {
      let differences = SettingDifferences(there: settings[0], here: list).differences
      different.formUnion(differences.map(\.key))
      keys += list.entries.map(\.key).filter { !keys.contains($0) }
    }
    keys = RunComparison.undetermined(keys.filter(different.contains), settings)
    self.keys = keys
    groups = zip(sorted, settings).map { records, list in
      Group(records: records, values: keys.map { list[$0] ?? "—" })
    }
  }
}

extension RunComparison {
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

/// Learned minus start in test loss, by seed.
package struct SeedDifference: Sendable {
  private let difference: PairedDifference

  init(learned: [Double], start: [Double]) {
    var stream = RandomStream(seed: 0, purpose: "sign flips")
    difference = PairedDifference(
      first: learned, second: start, areMeans: true, generator: &stream)
  }

  /// The mean difference; `—` where runs diverged, as no mean can be made of them.
  package var text: String {
    difference.estimand == .mean ? Format.signed(difference.estimate) : "—"
  }

  /// Student's 95 % interval; nil for one seed, for seeds that are all one, and after divergence.
  package var interval: ClosedRange<Double>? {
    difference.method == .student && !difference.saysNothing ? difference.interval : nil
  }

  /// The interval as a table shows it.
  package var intervalText: String {
    interval.map { Format.interval($0, Format.signed) } ?? "—"
  }

  /// What the interval says; nothing without one.
  package var verdict: String {
    guard let interval else { return "—" }
    if interval.upperBound < 0 { return "lower" }
    return interval.lowerBound > 0 ? "higher" : "undecided"
  }
}

extension RunConfiguration {
  /// The configuration without what tells its repetitions apart.
  fileprivate var unseeded: RunConfiguration {
    var copy = self
    copy.seed = 0
    copy.task.splitSeed = task.splitSeed.map { _ in 0 }
    return copy
  }
}
