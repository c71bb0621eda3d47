import MetaLearning

extension RunConfiguration {
  /// Reads a whole configuration, refusing whatever is not understood.
  init(_ node: ConfigurationNode) throws(ConfigurationError) {
    guard !node.isNothing else {
      throw ConfigurationError(
        at: node.source, path: "",
        message: "found an empty configuration, expected a mapping; begin with \"name: …\" and "
          + "\"task: digits\"")
    }
    let root = try Section(node, path: "", keys: .root)
    name = try RunConfiguration.name(root)
    task = try TaskConfiguration(root)
    if task.bringsItsModel, let model = root["model"] {
      throw ConfigurationError(
        at: model.source, path: "model",
        message: "found a model, expected none: the task \(task.kind) is its own; remove "
          + "it, from the command line with model=null")
    }
    model = try ModelConfiguration(root)
    let training = try root.section("inner", keys: .inner)
    inner = try InnerSpecification(training)
    initialScalars = try CheckpointReference(scalarsOf: training)
    rates = try RateSpecification(
      try root.section("rates", keys: .rates), layers: task.bringsItsModel ? 1 : model.layerCount)
    let derivative = try root.section("hypergradient", keys: .hypergradient)
    hypergradient = try HypergradientConfiguration(derivative)
    outer = try OuterSpecification(
      try root.section("outer", keys: .outer), innerSteps: inner.steps)
    objective = try ObjectiveSpecification(
      root.section("outer", keys: .outer).kinded("objective", of: .objectives, default: "final"),
      steps: inner.steps)
    outer.estimator = try EstimatorSpecification(
      derivative.kinded("estimator", of: .estimators, default: "reverse"))
    checkpoint = try CheckpointConfiguration(root.section("checkpoint", keys: .checkpoint))
    seed = try root["seed"]?.seed(at: "seed") ?? 0
    precision = try root.word("precision", default: .single, of: .precisions)
    ablation = try AblationConfiguration(try root.section("ablation", keys: .ablation))
    try refuseModel(root)
    try refuseCombinations(root)
    try refuseTraining(try root.section("inner", keys: .inner))
    try refuseLearning(try root.section("outer", keys: .outer))
  }

  /// The name is a folder of the results.
  private static func name(_ root: Section) throws(ConfigurationError) -> String {
    let name = try root.text("name", expected: "the experiment's name")
    guard name.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}/) != nil else {
      throw root.impossible(
        "name", name,
        expected: "up to 100 letters, digits, \"-\", \"_\" and \".\", as it names a folder")
    }
    return name
  }
}

extension HypergradientConfiguration {
  /// Reads the section `hypergradient`.
  init(_ section: Section) throws(ConfigurationError) {
    self.init()
    if let node = section["memory"] {
      memory = try MemorySpecification(node, path: section.path(of: "memory"))
    }
  }
}

extension MemorySpecification {
  /// Reads a memory policy, or a limit such as `2 GiB`.
  fileprivate init(_ node: ConfigurationNode, path: String) throws(ConfigurationError) {
    let expected =
      "\(KindTable.memories.noun): \(Suggestion.list(KindTable.memories.names)), or a limit such as "
      + "2 GiB"
    let units = Suggestion.list(ByteCount.units.map(\.name))
    switch node.content {
    case .plain(let text) where PlainNumber(text) != nil:
      throw node.wrong(at: path, expected: expected, advice: "add a unit: \(units)")
    case .plain(let text), .quoted(let text):
      guard let first = text.first, first.isNumber || "+-.".contains(first) else { break }
      guard let limit = ByteCount(text), limit.bytes > 0 else {
        throw node.wrong(
          at: path, expected: expected,
          advice: "a limit is a number above 0, a space and a unit: \(units)")
      }
      self = .limit(bytes: limit.bytes)
      return
    case .list, .mapping: break
    }
    let policy = try KindSection(node, path: path, of: .memories)
    switch policy.kind {
    case "storeAll": self = .storeAll
    case "everyStep": self = .everyStep
    case "segments": self = .segments
    case "binomial":
      guard policy.section["snapshots"] != nil else {
        throw policy.section.missing("snapshots", expected: "a whole number from 1")
      }
      self = .binomial(snapshots: try policy.section.integer("snapshots", default: 1))
    default:
      preconditionFailure("the table has the memory policy \(policy.kind), which is not read")
    }
  }
}

extension AblationConfiguration {
  /// Reads the section `ablation`.
  init(_ section: Section) throws(ConfigurationError) {
    self.init()
    // Differences of one run have no interval.
    seeds = try section.integer("seeds", default: seeds, in: 2...ConfigurationNode.mostCount)
    tuning = try TuningConfiguration(try section.section("tuning", keys: .tuning))
  }
}

extension TuningConfiguration {
  /// Reads the section `ablation.tuning`.
  init(_ section: Section) throws(ConfigurationError) {
    self.init()
    seeds = try section.integer("seeds", default: seeds)
    rates = try section.integer("rates", default: rates)
    pairs = try section.integer("pairs", default: pairs)
    (lowest, highest) = try section.interval(
      "lowest", default: lowest, "highest", default: highest)
    (lowestFactor, highestFactor) = try section.interval(
      "lowestFactor", default: lowestFactor, "highestFactor", default: highestFactor)
  }
}

extension Section {
  /// Two positive numbers in ascending order.
  func interval(
    _ lowestKey: String, default lowest: Double, _ highestKey: String, default highest: Double,
    mayBeEqual: Bool = false
  ) throws(ConfigurationError) -> (lowest: Double, highest: Double) {
    let low = try number(lowestKey, default: lowest, in: .positive)
    let high = try number(highestKey, default: highest, in: .positive)
    guard low < high || (mayBeEqual && low == high) else {
      // The one that was written is the one to blame.
      throw self[highestKey] != nil || self[lowestKey] == nil
        ? impossible(
          highestKey, high, expected: (mayBeEqual ? "at least " : "above ") + "\(lowestKey), \(low)"
        )
        : impossible(
          lowestKey, low, expected: (mayBeEqual ? "at most " : "below ") + "\(highestKey), \(high)")
    }
    return (low, high)
  }
}
