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
    transformations = try InnerSpecification.chain(section)
    schedule = try Schedule(section.kinded("schedule", of: .schedules, default: "constant"))
    if let node = section["online"], node.word != "none" {
      online = try OnlineSpecification(section.section("online", keys: .online))
    }
  }
}

extension OnlineSpecification {
  /// Reads the section `inner.online`.
  fileprivate init(_ section: Section) throws(ConfigurationError) {
    self.init()
    rule = try section.word("rule", default: rule, of: .onlineRules)
    metaRate = try section.number("metaRate", default: metaRate, in: .nonnegative)
    floor = try section.number("floor", default: floor, in: .nonnegative)
  }
}

extension InnerSpecification {
  /// Gradient transformations in their order; `clip` is the short key where there are only clips.
  private static func chain(
    _ section: Section
  ) throws(ConfigurationError) -> [GradientTransformation] {
    if section["clip"] != nil, let node = section["transformations"] {
      throw ConfigurationError(
        at: node.source, path: section.path(of: "transformations"),
        message: "found transformations beside clip, expected one of them; write all in "
          + "transformations, in their order")
    }
    var chain: [GradientTransformation] = []
    for (key, table) in [("clip", KindTable.clips), ("transformations", .transformations)] {
      guard let node = section[key] else { continue }
      let isList = if case .list = node.content { true } else { false }
      for (index, item) in node.listed.enumerated() {
        let path = section.path(of: key) + (isList ? "[\(index)]" : "")
        chain.append(try GradientTransformation(KindSection(item, path: path, of: table)))
      }
    }
    return chain
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

extension GradientTransformation {
  /// Reads a transformation.
  init(_ written: KindSection) throws(ConfigurationError) {
    func positive(_ key: String) throws(ConfigurationError) -> Double {
      try written.section.number(key, in: .positive)
    }
    switch written.kind {
    case "globalNorm": self = .globalNorm(limit: try positive("limit"))
    case "tensorNorm": self = .tensorNorm(limit: try positive("limit"))
    case "value": self = .value(limit: try positive("limit"))
    case "normalize": self = .normalize
    case "weightDecay": self = .weightDecay(rate: try positive("rate"))
    default: preconditionFailure("the table has \(written.kind), which is not read")
    }
  }
}
