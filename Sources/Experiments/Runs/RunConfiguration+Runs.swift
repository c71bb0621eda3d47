import Configurations
import MetaLearning
import Settings

extension RunConfiguration {
  /// The configuration that a run of any release wrote.
  ///
  /// Release 0.1.0 did not say which state of a checkpoint rates start from: it was the last.
  package init(ofRun resolved: ResolvedConfiguration) {
    self = resolved.configuration
    let isUnsaid = resolved.entries.contains {
      $0.path == "rates.initial.state" && $0.source == .defaultValue
    }
    if isUnsaid, var initial = rates.initial as? CheckpointRates {
      initial.reference.state = .last
      rates.initial = initial
    }
  }

  /// This configuration as a run that began with it has kept it, if the given one is that run's: a
  /// memory limit has become a policy there.
  func asBegun(like there: RunConfiguration) -> RunConfiguration {
    guard case .limit = memory, case .policy = there.memory else { return self }
    var copy = self
    copy.memory = there.memory
    return copy
  }

  /// What of this configuration is other than in a checkpoint's text, however the release that wrote it
  /// spelled it; nil where steps that are done would be others.
  package func changes(since text: String, in laboratory: Laboratory) -> SettingDifferences? {
    if text == canonicalJSON { return SettingDifferences(there: self, here: self) }
    guard
      let resolved = try? ResolvedConfiguration.parse(
        yaml: text, name: "checkpoint", in: laboratory)
    else { return nil }
    let (later, past) = LaterSettings.differences(
      there: RunConfiguration(ofRun: resolved), here: self)
    return past.differences.isEmpty ? later : nil
  }
}
