import MetaLearning

extension RunConfiguration {
  /// Refuses what each section alone cannot know to be impossible.
  func refuseCombinations(_ root: Section) throws(ConfigurationError) {
    try refuse(root, estimatorConflict, at: ["hypergradient", "estimator"])
    try refuse(root, adaptationConflict, at: ["outer", "learn"])
    try refuse(root, cadenceConflict, at: ["outer", "cadence"])
    try refuse(root, horizonConflict, at: ["outer", "horizon"])
    try refuse(root, weightsConflict, at: ["outer", "objective"])
    try refuse(root, nothingToLearn, at: ["outer", "learn"])
    try refuse(root, idlePatience, at: ["outer", "patience"])
    try refuse(root, endlessFreeze, at: ["outer", "freeze"])
  }

  private func refuse(
    _ root: Section, _ conflict: String?, at keys: [String]
  ) throws(ConfigurationError) {
    guard let conflict else { return }
    let parent = root[keys[0]]
    throw ConfigurationError(
      at: parent?[keys[1]]?.source ?? parent?.source ?? root.source,
      path: keys.joined(separator: "."), message: conflict)
  }

  private var adaptsRates: Bool { outer.learn.contains(.adaptedRates) }

  private var estimatorConflict: String? {
    guard !adaptsRates else { return nil }
    let kind = outer.estimator
    if let target = outer.learn.first(where: { !kind.targets.contains($0) }) {
      return "found an estimator that tells nothing of \(target.rawValue), expected reverse, "
        + "truncated or firstOrder; or learn rates alone"
    }
    if let reason = kind.impossibility(steps: inner.steps, rates: rates) { return reason }
    if case .evolution(_, _, _?) = kind {
      if outer.horizon != .fixed {
        return "found windows beside a horizon that changes, expected outer.horizon fixed"
      }
    }
    return nil
  }

  private var adaptationConflict: String? {
    guard adaptsRates else { return nil }
    if outer.learn != [.adaptedRates] {
      return "found adaptedRates beside other targets, expected it alone: rates that adapt inside "
        + "a run need no hypergradient"
    }
    guard let online = inner.online else {
      return "found adaptedRates without rates that adapt, expected inner.online, such as "
        + "inner.online={rule: additive, metaRate: 0.001, floor: 1e-6}"
    }
    if rates.granularity != .parameter || rates.time != .constant {
      return "found adaptedRates beside rates that parameters or steps share, expected "
        + "rates.granularity parameter and rates.time constant"
    }
    switch rates.parameterization {
    case .direct: return nil
    case .log, .softplus:
      return online.keepsRatesPositive
        ? nil
        : "found adaptedRates that may fall to 0 beside rates.parameterization "
          + "\(rates.parameterization), expected inner.online.floor above 0, or direct"
    case .sigmoid:
      return
        "found adaptedRates beside rates.parameterization sigmoid, expected direct: rates that "
        + "adapt heed no maximum"
    }
  }

  private var cadenceConflict: String? {
    guard case .carried = outer.cadence else { return nil }
    if outer.learn.contains(.initialWeights) || outer.initialWeights != .fresh {
      return "found runs that go on beside initial weights that are shared, expected "
        + "outer.initialWeights fresh; or choose the cadence restarted"
    }
    if rates.time != .constant {
      return "found runs that go on beside rates that change over time, expected rates.time "
        + "constant; or choose the cadence restarted"
    }
    if outer.horizon != .fixed {
      return "found runs that go on beside a horizon that changes, expected outer.horizon fixed"
    }
    return nil
  }

  private var weightsConflict: String? {
    guard case .weighted = objective, let steps = outer.validation.steps,
      steps != inner.steps
    else { return nil }
    return "found one weight for each of \(inner.steps) steps beside outer.validation.steps "
      + "\(steps), expected as many steps in validation as there are weights; or outer.objective "
      + "final, mean or training"
  }

  private var idlePatience: String? {
    guard outer.patience != nil, outer.validation.every == 0 else { return nil }
    return "found patience without checks that it could count, expected outer.validation.every "
      + "from 1; or no patience"
  }

  private var endlessFreeze: String? {
    guard outer.frozenSteps > 0, outer.frozenSteps >= outer.steps, outer.learn == [.rates] else {
      return nil
    }
    return "found rates that are frozen for all \(outer.steps) outer steps, expected fewer than "
      + "that"
  }

  private var nothingToLearn: String? {
    guard outer.learn == [.optimizerScalars], !inner.hasScalars else { return nil }
    return "found optimizerScalars of an inner step that has none, expected an optimizer with "
      + "momentum or decays, a clip limit, weight decay, or other targets"
  }

  private var horizonConflict: String? {
    if outer.horizon != .fixed, case .weighted = objective {
      return "found a horizon that changes beside one weight a step, expected outer.objective "
        + "final, mean or training"
    }
    return nil
  }
}
