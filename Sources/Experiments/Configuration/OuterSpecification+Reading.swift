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
    initialWeights = try InitialWeights(
      section.kinded("initialWeights", of: .initialWeights, default: "fresh"))
    if let node = section["clip"], node.word != "none" {
      clip = try GradientTransformation(section.kinded("clip", of: .clips))
    }
    cadence = try Cadence(section.kinded("cadence", of: .cadences, default: "restarted"))
    horizon = try Horizon(
      section.kinded("horizon", of: .horizons, default: "fixed"), innerSteps: innerSteps)
    frozenSteps = try section.integer("freeze", default: 0, in: 0...ConfigurationNode.mostCount)
    if let node = section["patience"], node.word != "none" {
      patience = try section.integer("patience", default: 1)
    }
    let checks = try section.section("validation", keys: .validation)
    validation.every = try checks.integer(
      "every", default: validation.every, in: 0...ConfigurationNode.mostCount)
    validation.tasks = try checks.integer("tasks", default: validation.tasks)
    if checks["steps"] != nil { validation.steps = try checks.integer("steps", default: 1) }
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

extension Cadence {
  /// Reads a cadence.
  fileprivate init(_ written: KindSection) throws(ConfigurationError) {
    switch written.kind {
    case "restarted": self = .restarted
    case "carried":
      let section = written.section
      self = .carried(
        windows: section["windows"] == nil ? nil : try section.integer("windows", default: 1))
    default: preconditionFailure("the table has \(written.kind), which is not read")
    }
  }
}

extension Horizon {
  /// Reads a horizon.
  fileprivate init(_ written: KindSection, innerSteps: Int) throws(ConfigurationError) {
    let section = written.section
    switch written.kind {
    case "fixed": self = .fixed
    case "growing":
      self = .growing(
        from: try section.integer("from", default: max(1, innerSteps / 8), in: 1...innerSteps),
        every: try section.integer("every", default: 20))
    case "random":
      self = .random(
        lowest: try section.integer("lowest", default: max(1, innerSteps / 8), in: 1...innerSteps))
    default: preconditionFailure("the table has \(written.kind), which is not read")
    }
  }
}
