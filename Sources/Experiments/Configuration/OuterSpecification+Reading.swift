import MetaLearning

extension OuterSpecification {
  /// Reads the section `outer`.
  init(_ section: Section, innerSteps: Int) throws(ConfigurationError) {
    self.init()
    let written = try section.kinded(
      "optimizer", of: .optimizers, default: optimizer.kind.rawValue, also: ["rate"])
    optimizer = try OptimizerSpecification(written, role: .outer)
    rate = try written.section.number("rate", default: rate, in: .positive)
    schedule = try Schedule(section.kinded("schedule", of: .schedules, default: "constant"))
    steps = try section.integer("steps", default: steps)
    learn = try OuterSpecification.targets(section) ?? learn
    tasks = try section.integer("tasks", default: tasks)
    initialWeights = try section.word(
      "initialWeights", default: initialWeights, of: .initialWeights)
    objective = try ObjectiveSpecification(
      section.kinded("objective", of: .objectives, default: "final"), steps: innerSteps)
    if section["clip"] != nil {
      clip = try GradientTransformation(section.kinded("clip", of: .clips))
    }
    let checks = try section.section("validation", keys: .validation)
    validation.every = try checks.integer(
      "every", default: validation.every, in: 0...ConfigurationNode.mostCount)
    validation.tasks = try checks.integer("tasks", default: validation.tasks)
  }

  private static func targets(_ section: Section) throws(ConfigurationError) -> [LearnTarget]? {
    guard let node = section["learn"] else { return nil }
    let path = section.path(of: "learn")
    var targets: [LearnTarget] = []
    for item in node.listed {
      let target: LearnTarget = try item.named(by: .learnTargets, at: path)
      guard !targets.contains(target) else {
        throw ConfigurationError(
          at: item.source, path: path,
          message: "found \(target.rawValue) twice, expected it once; remove one")
      }
      targets.append(target)
    }
    guard !targets.isEmpty else {
      throw ConfigurationError(
        at: node.source, path: path,
        message: "found an empty list, expected \(Suggestion.list(KindTable.learnTargets.names)); "
          + "write [rates]")
    }
    return targets
  }
}
