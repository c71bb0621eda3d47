import MetaLearning

extension RunConfiguration {
  /// The configuration that a run of any release wrote.
  ///
  /// Release 0.1.0 did not say which state of a checkpoint rates start from: it was the last.
  init(ofRun resolved: ResolvedConfiguration) {
    self = resolved.configuration
    let isUnsaid = resolved.entries.contains {
      $0.path == "rates.initial.state" && $0.source == .defaultValue
    }
    if case .given(let file, _) = rates.initial, isUnsaid {
      rates.initial = .given(source: file, state: .last)
    }
  }

  /// Whether a checkpoint's text is this configuration, however the release that wrote it spelled it.
  func isThat(of text: String) -> Bool {
    if text == canonicalJSON { return true }
    guard let resolved = try? ResolvedConfiguration.parse(yaml: text, name: "checkpoint") else {
      return false
    }
    return RunConfiguration(ofRun: resolved) == self
  }
}
