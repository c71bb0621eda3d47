import MetaLearning

extension RunConfiguration {
  /// Refuses ways to train that the task does not have.
  ///
  /// - Parameter section: the section `inner`.
  func refuseTraining(_ section: Section) throws(ConfigurationError) {
    if case .noisyQuadratic(_, _, _, _, expectation: true) = task {
      try requirePlainDescent(
        section, or: inner.online.map { _ in "online" }, beside: "task.expectation true",
        reason: "the expectation is known of nothing else")
    }
    guard inner.online?.rule == .idbd else { return }
    guard case .tracking = task else {
      throw refusal(
        section, "online",
        "found the rule idbd beside the task \(task.kind), expected additive or "
          + "multiplicative: idbd is for the task tracking, a linear model with one example a step")
    }
    try requirePlainDescent(
      section, or: nil, beside: "the rule idbd", reason: "idbd is a step of its own")
  }

  /// Refuses to learn or to judge what means nothing for the task.
  ///
  /// - Parameter section: the section `outer`.
  func refuseLearning(_ section: Section) throws(ConfigurationError) {
    if case .noisyQuadratic(_, _, _, _, expectation: true) = task,
      outer.learn.contains(.initialWeights)
    {
      throw refusal(
        section, "learn",
        "found initialWeights beside task.expectation true, expected rates alone: "
          + "its parameters are second moments, which start where they start")
    }
    guard case .tracking = task else { return }
    switch objective {
    case .training, .final: return
    case .mean, .weighted:
      throw refusal(
        section, "objective",
        "found an objective that judges every step by the signs of the end, "
          + "expected training: what the task tracking pays for each example before it learns")
    }
  }

  /// Refuses optimizers but plain descent, transformations, and the given key.
  private func requirePlainDescent(
    _ section: Section, or key: String?, beside other: String, reason: String
  ) throws(ConfigurationError) {
    let transformation =
      inner.transformations.isEmpty
      ? nil : ["clip", "transformations"].first { section[$0] != nil }
    let optimizer = inner.optimizer.kind == .sgd ? nil : "optimizer"
    guard let culprit = optimizer ?? transformation ?? key else { return }
    throw refusal(
      section, culprit,
      "found \(culprit == "optimizer" ? inner.optimizer.kind.rawValue : culprit) beside \(other), "
        + "expected plain descent, optimizer sgd and nothing else: \(reason)")
  }

  private func refusal(
    _ section: Section, _ key: String, _ message: String
  ) -> ConfigurationError {
    ConfigurationError(
      at: section[key]?.source ?? section.source, path: section.path(of: key), message: message)
  }
}
