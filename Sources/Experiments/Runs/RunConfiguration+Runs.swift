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

  /// Whether a checkpoint's text is this configuration, however the release that wrote it spelled
  /// it.
  package func isThat(of text: String, in laboratory: Laboratory) -> Bool {
    if text == canonicalJSON { return true }
    let resolved = try? ResolvedConfiguration.parse(yaml: text, name: "checkpoint", in: laboratory)
    return resolved.map { RunConfiguration(ofRun: $0) == self } ?? false
  }
}
