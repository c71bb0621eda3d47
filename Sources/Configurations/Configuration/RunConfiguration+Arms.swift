import Arms
import MetaLearning
import Settings

// What arms make of a configuration, and what they may not.

extension RunConfiguration {
  /// The same configuration with other values in some places.
  ///
  /// - Throws: `ConfigurationError` at the change that cannot be.
  package func changed(
    _ changes: [Change], in laboratory: Laboratory, paths: FilePaths = .asWritten
  ) throws(ConfigurationError) -> RunConfiguration {
    if changes.isEmpty { return self }
    var node = node
    for change in changes { try change.apply(to: &node) }
    return try RunConfiguration.read(
      node, in: laboratory, standard: .standard, paths: paths)
  }

  /// The configuration with nothing of what an ablation compares: what all of its cells share, and
  /// the margin, which is declared before results are there.
  package var withoutArms: RunConfiguration {
    var copy = self
    (copy.ablation.arms, copy.ablation.factors) = ([], [])
    (copy.ablation.repetitions, copy.ablation.keepsRates) = (1, true)
    return copy
  }

  /// What an arm is chosen and tested with.
  package func configuration(
    of arm: ComparedArm, in laboratory: Laboratory
  ) throws(ConfigurationError) -> RunConfiguration {
    try changed(arm.arm.implied + arm.changes, in: laboratory)
  }

  /// Checks what an ablation's arms change and search, before anything is computed, and spells it
  /// as the canonical form does.
  mutating func settleArms(
    in laboratory: Laboratory, paths: FilePaths
  ) throws(ConfigurationError) {
    for index in ablation.arms.indices {
      try settleArm(index, in: laboratory, paths: paths)
    }
    let names = ablation.arms.compactMap(\.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw ConfigurationError(
        at: .defaultValue, path: "ablation.arms",
        message: "found two arms by the name \"\(twice.inOneLine)\", expected different names")
    }
    try checkFactors(in: laboratory)
  }

  private mutating func settleArm(
    _ index: Int, in laboratory: Laboratory, paths: FilePaths
  ) throws(ConfigurationError) {
    let arm = ablation.arms[index]
    let searched = arm.arm.searched(ablation.tuning)
    guard !arm.changes.isEmpty || !searched.isEmpty || !arm.arm.implied.isEmpty else { return }
    let path = "ablation.arms[\(index)]"
    for change in arm.changes { try requirePossible(change, path: "\(path).with") }
    let own = try changed(
      arm.arm.implied + arm.changes, in: laboratory, paths: paths)
    let place = arm.changes.first?.value.source ?? .defaultValue
    guard own.evaluationSteps == evaluationSteps else {
      throw ConfigurationError(
        at: place, path: "\(path).with",
        message:
          "found runs of \(own.evaluationSteps) steps beside \(evaluationSteps) of the other "
          + "arms, expected as many; set outer.validation.steps to \(evaluationSteps) in the file, or "
          + "leave inner.steps")
    }
    guard own.objective == objective else {
      throw ConfigurationError(
        at: place, path: "\(path).with.outer.objective",
        message: "found another objective than the other arms have, expected the same: arms are "
          + "compared by it")
    }
    ablation.arms[index].changes = arm.changes.map { change in
      Change(change.key, own.node.value(at: change.key) ?? change.value)
    }
    for setting in searched { try own.check(setting, path: "\(path).over", in: laboratory) }
    ablation.arms[index].arm = arm.arm.searching(
      try own.settled(searched, in: laboratory, paths: paths))
  }

  /// What an arm of the configuration searches, values spelled as the canonical form does and files
  /// named as `paths` says.
  package func settled(
    _ settings: [SearchedSetting], in laboratory: Laboratory, paths: FilePaths
  ) throws(ConfigurationError) -> [SearchedSetting] {
    var settled: [SearchedSetting] = []
    for setting in settings {
      guard case .listed(let values) = setting.values else {
        settled.append(setting)
        continue
      }
      var own: [ConfigurationNode] = []
      for value in values {
        // A number is the same in any folder.
        let change = Change(setting.key, value)
        own.append(
          value.isNumber
            ? value
            : try changed([change], in: laboratory, paths: paths).node.value(at: setting.key)
              ?? value)
      }
      settled.append(SearchedSetting(setting.key, .listed(own), at: setting.source))
    }
    return settled
  }

  /// Refuses a search of an arm's configuration that cannot be.
  private func check(
    _ setting: SearchedSetting, path: String, in laboratory: Laboratory
  ) throws(ConfigurationError) {
    guard !setting.key.hasPrefix("model"), !setting.key.hasPrefix("precision") else {
      throw ConfigurationError(
        at: setting.source, path: "\(path).\(setting.key)",
        message: "found a search over what is trained, expected one over how: give each model "
          + "an arm of its own")
    }
    for example in setting.examples {
      try requirePossible(example, path: path)
      let candidate = try changed([example], in: laboratory)
      guard candidate.evaluationSteps == evaluationSteps, candidate.objective == objective else {
        throw ConfigurationError(
          at: setting.source, path: "\(path).\(setting.key)",
          message:
            "found candidates that are not evaluated alike, expected all of them after as many "
            + "steps and by the same objective; set outer.validation.steps in the file, or give each "
            + "an arm of its own")
      }
    }
  }

  private func checkFactors(in laboratory: Laboratory) throws(ConfigurationError) {
    let combinations = ablation.factors.reduce(1.0) { $0 * Double($1.values.count) }
    guard combinations * Double(ablation.arms.count) <= Double(AblationConfiguration.mostArms)
    else {
      throw ConfigurationError(
        at: ablation.factors.first?.source ?? .defaultValue, path: "ablation.factors",
        message:
          "found \(Int(min(combinations, 1e9))) combinations for each arm that learns, expected "
          + "at most \(AblationConfiguration.mostArms) arms in all")
    }
    for factor in ablation.factors {
      guard ablation.arms.contains(where: \.arm.learns) else {
        throw ConfigurationError(
          at: factor.source, path: "ablation.factors",
          message: "found factors beside arms of which none learns, expected an arm such as learned"
        )
      }
      for (index, value) in factor.values.enumerated() {
        guard !factor.values[..<index].contains(where: { $0.json == value.json }) else {
          throw ConfigurationError(
            at: value.source, path: "ablation.factors.\(factor.key)",
            message: "found the value \(value.flowYAML) twice, expected different ones")
        }
        try requirePossible(Change(factor.key, value), path: "ablation.factors")
      }
    }
    for arm in ablation.crossedArms where !arm.levels.isEmpty {
      let own = try configuration(of: arm, in: laboratory)
      guard own.evaluationSteps == evaluationSteps, own.objective == objective else {
        throw ConfigurationError(
          at: ablation.factors[0].source, path: "ablation.factors",
          message: "found a level that changes what runs are evaluated by, expected all arms to be "
            + "evaluated after as many steps and by the same objective; set outer.validation.steps in "
            + "the file")
      }
    }
  }

  /// Refuses what must be the same for all arms.
  private func requirePossible(_ change: Change, path: String) throws(ConfigurationError) {
    let common = [
      "name", "claim", "task", "seed", "testRuns", "checkpoint", "history", "ablation",
      "outer.validation.steps",
    ]
    guard common.contains(where: { change.key == $0 || change.key.hasPrefix("\($0).") }) else {
      return
    }
    throw ConfigurationError(
      at: change.value.source, path: "\(path).\(change.key)",
      message: "found a setting that all arms share, expected one of model, inner, rates, "
        + "hypergradient or outer; set it outside of the arms")
  }
}

extension ResolvedConfiguration {
  /// Refuses initial rates that were written where no arm of an ablation begins with them.
  package func requireInitialRatesRead() throws(ConfigurationError) {
    let initial = configuration.rates.initial
    guard initial.node != RateSpecification().initial.node || initial.word != UniformRates.word,
      !configuration.ablation.arms.contains(where: \.arm.readsInitialRates),
      let entry = entries.first(where: {
        $0.path.hasPrefix("rates.initial.") && $0.source != .defaultValue
      })
    else { return }
    throw ConfigurationError(
      at: entry.source, path: "rates.initial",
      message:
        "found rates that no arm begins with, expected an arm that does, asWritten or { kind: "
        + "learned, start: asWritten }; add one to ablation.arms, or remove the key")
  }
}

extension ConfigurationNode {
  /// The value at a key of words joined by points.
  fileprivate func value(at key: String) -> ConfigurationNode? {
    key.split(separator: ".").reduce(self) { $0?[String($1)] }
  }
}
