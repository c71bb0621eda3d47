import MetaLearning

extension CheckpointConfiguration {
  /// Reads the section `checkpoint`.
  init(_ section: Section) throws(ConfigurationError) {
    self.init()
    guard let node = section["every"] else { return }
    guard node.isMapping else {
      every = .steps(try section.integer("every", default: 1))
      return
    }
    let interval = try section.section("every", keys: .interval)
    guard interval["seconds"] != nil else {
      throw interval.missing("seconds", expected: NumberRange.positive.description)
    }
    every = .seconds(try interval.number("seconds", in: .positive))
  }

  /// The section `checkpoint`.
  var node: ConfigurationNode {
    switch every {
    case .steps(let steps): .map([("every", .number(steps))])
    case .seconds(let seconds): .map([("every", .map([("seconds", .number(seconds))]))])
    }
  }
}

extension CheckpointReference {
  /// Reads `file` and `state` of a value of the kind `checkpoint`.
  init(_ section: Section) throws(ConfigurationError) {
    self.init(
      file: try section.text("file", expected: "a checkpoint's path"),
      state: try section.word("state", default: .best, of: .learnedStates))
  }

  /// Reads `inner.scalars`; nil for those that the section itself specifies.
  init?(scalarsOf inner: Section) throws(ConfigurationError) {
    let written = try inner.kinded("scalars", of: .initialScalars, default: "specified")
    guard written.kind == "checkpoint" else { return nil }
    self = try CheckpointReference(written.section)
  }

  /// How it is written.
  var node: ConfigurationNode {
    .kind("checkpoint", [("file", .text(file)), ("state", .text(state.rawValue))])
  }
}

extension InitialWeights {
  /// Reads `outer.initialWeights`.
  init(_ written: KindSection) throws(ConfigurationError) {
    switch written.kind {
    case "fresh": self = .fresh
    case "fixed": self = .fixed
    case "checkpoint":
      let reference = try CheckpointReference(written.section)
      self = .given(source: reference.file, state: reference.state)
    default: preconditionFailure("the table has \(written.kind), which is not read")
    }
  }

  /// How they are written.
  var node: ConfigurationNode {
    switch self {
    case .fresh: .kind("fresh")
    case .fixed: .kind("fixed")
    case .given(let file, let state): CheckpointReference(file: file, state: state).node
    }
  }
}
