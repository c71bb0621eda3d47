import MetaLearning

extension InnerSpecification {
  /// Reads the section `inner`.
  init(_ section: Section) throws(ConfigurationError) {
    self.init()
    optimizer = try OptimizerSpecification(
      section.kinded("optimizer", of: .optimizers, default: optimizer.kind.rawValue),
      role: .inner)
    steps = try section.integer("steps", default: steps)
    batch = try section.integer("batch", default: batch)
    if let node = section["clip"] {
      let isList = if case .list = node.content { true } else { false }
      for (index, item) in node.listed.enumerated() {
        let path = section.path(of: "clip") + (isList ? "[\(index)]" : "")
        clips.append(try ClipSpecification(KindSection(item, path: path, of: .clips)))
      }
    }
    schedule = try Schedule(section.kinded("schedule", of: .schedules, default: "constant"))
  }
}

extension OptimizerSpecification {
  /// Reads an optimizer.
  init(_ optimizer: KindSection, role: Optimizer.Role) throws(ConfigurationError) {
    guard let kind = OptimizerKind(rawValue: optimizer.kind) else {
      preconditionFailure("the table has the optimizer \(optimizer.kind), which is not read")
    }
    self.init(kind)
    let section = optimizer.section
    momentum = try section.number("momentum", default: momentum, in: .belowOne)
    decay = try section.number("decay", default: decay, in: .belowOne)
    beta1 = try section.number("beta1", default: beta1, in: .belowOne)
    beta2 = try section.number("beta2", default: beta2, in: .belowOne)
    weightDecay = try section.number("weightDecay", default: weightDecay, in: .nonnegative)
    epsilon = try section.number("epsilon", default: epsilon, in: .nonnegative)
    if section["epsilonRoot"] != nil {
      epsilonRoot = try section.number("epsilonRoot", in: .nonnegative)
    }
    guard epsilon > 0 || epsilonRoot ?? role.epsilonRoot > 0 else {
      throw section.impossible(
        "epsilon", epsilon, " beside epsilonRoot 0", expected: "one of them above 0",
        advice: "a gradient of 0 would be divided by 0")
    }
  }
}

extension Optimizer.Role {
  /// ε_root where the configuration does not say.
  var epsilonRoot: Double {
    switch self {
    case .inner: 1e-8
    case .outer: 0
    }
  }
}

extension ClipSpecification {
  /// Reads a clip.
  init(_ clip: KindSection) throws(ConfigurationError) {
    switch clip.kind {
    case "globalNorm":
      self = .globalNorm(limit: try clip.section.number("limit", in: .positive))
    default: preconditionFailure("the table has the clip \(clip.kind), which is not read")
    }
  }
}

extension Schedule {
  /// Reads a schedule.
  init(_ schedule: KindSection) throws(ConfigurationError) {
    switch schedule.kind {
    case "constant": self = .constant
    case "cosine":
      self = .cosine(final: try schedule.section.number("final", default: 0, in: .fraction))
    default: preconditionFailure("the table has the schedule \(schedule.kind), which is not read")
    }
  }
}
