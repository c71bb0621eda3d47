import Configurations

/// Settings that a run may go on with other values of: they decide nothing of the steps that are done.
enum LaterSettings {
  /// Their keys, with all that is below them.
  private static let keys = [
    "claim", "testRuns", "checkpoint", "history", "outer.steps", "outer.patience",
    "outer.optimizer.rate", "outer.nonFinite",
  ]

  /// In words.
  static var text: String { keys.joined(separator: ", ") }

  /// What tells two configurations apart, and whether it is of these settings.
  static func differences(
    there: RunConfiguration, here: RunConfiguration
  ) -> (later: SettingDifferences, past: SettingDifferences) {
    let (old, new) = (SettingList(there), SettingList(here))
    func only(_ isLater: Bool) -> SettingDifferences {
      SettingDifferences(
        there: old.filter { includes($0) == isLater }, here: new.filter { includes($0) == isLater })
    }
    return (only(true), only(false))
  }

  private static func includes(_ key: String) -> Bool {
    keys.contains { key == $0 || key.hasPrefix("\($0).") }
  }
}
