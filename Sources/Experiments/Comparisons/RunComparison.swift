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
    let sorted = SeedGroups(records.map(\.configuration))
    keys = sorted.keys
    groups = sorted.groups.map { group in
      Group(records: group.members.map { records[$0] }, values: group.values)
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
