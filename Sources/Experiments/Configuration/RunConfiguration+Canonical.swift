import MetaLearning

extension RunConfiguration {
  /// YAML with every value spelled out; reading it gives an equal configuration.
  ///
  /// Numbers that a formula does not read, such as β1 of plain gradient descent, and the model of a
  /// task that brings its own are not written.
  package var canonicalYAML: String { node(namingUnset: false).yaml }

  /// The same on one line of JSON with sorted keys, for hashes and checkpoints.
  package var canonicalJSON: String { node(namingUnset: false).json }

  /// Reads what `canonicalJSON` wrote, as strictly as a file.
  ///
  /// - Parameter name: what errors call the text.
  package init(json: String, name: String = "checkpoint") throws(ConfigurationError) {
    self = try ResolvedConfiguration.parse(yaml: json, name: name).configuration
  }

  /// The tree that reads as this configuration.
  ///
  /// - Parameter namingUnset: whether values that may be left unset, and have no spelling, appear as
  ///   what they come to.
  func node(namingUnset: Bool) -> ConfigurationNode {
    var entries: [(String, ConfigurationNode)] = [("name", .text(name)), ("task", task.node)]
    if !task.bringsItsModel { entries.append(("model", model.node)) }
    return .map(
      entries + [
        ("inner", inner.node(namingUnset, initialScalars)),
        ("rates", rates.node),
        (
          "hypergradient",
          .map([
            ("estimator", outer.estimator.node),
            ("memory", hypergradient.memory.node),
          ])
        ),
        ("outer", outer.node(namingUnset, objective)),
        ("checkpoint", checkpoint.node),
        ("seed", .number(seed)),
        ("precision", .text(precision.rawValue)),
        ("ablation", ablation.node),
      ])
  }
}

extension ConfigurationNode {
  /// A text.
  static func text(_ text: String) -> ConfigurationNode { ConfigurationNode(.quoted(text)) }

  /// A whole number.
  static func number(_ number: some BinaryInteger & CustomStringConvertible) -> ConfigurationNode {
    ConfigurationNode(.plain(number.description))
  }

  /// A number, spelled so that reading it gives the same bits.
  static func number(_ number: Double) -> ConfigurationNode {
    let text = number.description
    // YAML 1.1, which Python reads, takes 1e-08 for a text and 1.0e-08 for a number.
    let isBare = text.contains("e") && !text.contains(".")
    return ConfigurationNode(
      .plain(isBare ? text.replacing("e", with: ".0e", maxReplacements: 1) : text))
  }

  /// A truth value.
  static func truth(_ truth: Bool) -> ConfigurationNode {
    ConfigurationNode(.plain(truth ? "true" : "false"))
  }

  /// A list.
  static func list(_ items: [ConfigurationNode]) -> ConfigurationNode {
    ConfigurationNode(.list(items))
  }

  /// A mapping.
  static func map(_ entries: [(String, ConfigurationNode)]) -> ConfigurationNode {
    ConfigurationNode(.mapping(entries.map { Entry($0.0, at: .defaultValue, $0.1) }))
  }

  /// A kind: a word, or a mapping where it has values.
  static func kind(
    _ name: String, _ entries: [(String, ConfigurationNode)] = []
  ) -> ConfigurationNode {
    entries.isEmpty ? .text(name) : .map([("kind", .text(name))] + entries)
  }
}

extension TaskConfiguration {
  fileprivate var node: ConfigurationNode {
    switch self {
    case .digits(let validation, let test):
      .kind("digits", [("validation", .number(validation)), ("test", .number(test))])
    case .noisyQuadratic(let dimensions, let lowest, let highest, let noise, let expectation):
      .kind(
        "noisyQuadratic",
        [
          ("dimensions", .number(dimensions)), ("lowest", .number(lowest)),
          ("highest", .number(highest)), ("noise", .number(noise)),
          ("expectation", .truth(expectation)),
        ])
    case .tracking(let inputs, let relevant, let interval):
      .kind(
        "tracking",
        [
          ("inputs", .number(inputs)), ("relevant", .number(relevant)),
          ("interval", .number(interval)),
        ])
    case .teacher(let inputs, let outputs, let noise, let query, let hidden, let teacher):
      .kind(
        "teacher",
        [
          ("inputs", .number(inputs)), ("outputs", .number(outputs)), ("noise", .number(noise)),
          ("query", .number(query)),
        ] + (hidden.map { [("teacherHidden", .list($0.map { .number($0) }))] } ?? [])
          + [("teacher", teacher.node)])
    case .sinusoid(let support, let query):
      .kind("sinusoid", [("support", .number(support)), ("query", .number(query))])
    case .hdf5(let file, let validation, let test, let loss):
      .kind(
        "hdf5",
        [
          ("file", .text(file)), ("validation", .number(validation)), ("test", .number(test)),
          ("loss", .text(loss.rawValue)),
        ])
    }
  }
}

extension TeacherTask.Teacher {
  fileprivate var node: ConfigurationNode {
    switch self {
    case .fresh: .kind("fresh")
    case .fixed(let seed): .kind("fixed", [("seed", .number(seed))])
    }
  }
}

extension ModelConfiguration {
  fileprivate var node: ConfigurationNode {
    switch self {
    case .mlp(let hidden, let activation, let normalization):
      .kind(
        kind,
        [
          ("hidden", .list(hidden.map { .number($0) })), ("activation", .text(activation.rawValue)),
          ("normalization", .text(normalization.rawValue)),
        ])
    case .convolutional(let filters, let activation):
      .kind(
        kind,
        [
          ("filters", .list(filters.map { .number($0) })),
          ("activation", .text(activation.rawValue)),
        ])
    case .linearRegression, .logisticRegression: .kind(kind)
    }
  }
}

extension MemorySpecification {
  fileprivate var node: ConfigurationNode {
    switch self {
    case .storeAll: .kind("storeAll")
    case .everyStep: .kind("everyStep")
    case .segments: .kind("segments")
    case .binomial(let snapshots): .kind("binomial", [("snapshots", .number(snapshots))])
    case .limit(let bytes): .text(ByteCount(bytes).description)
    }
  }
}

extension AblationConfiguration {
  fileprivate var node: ConfigurationNode {
    .map([
      ("seeds", .number(seeds)),
      (
        "tuning",
        .map([
          ("seeds", .number(tuning.seeds)), ("rates", .number(tuning.rates)),
          ("lowest", .number(tuning.lowest)), ("highest", .number(tuning.highest)),
          ("pairs", .number(tuning.pairs)), ("lowestFactor", .number(tuning.lowestFactor)),
          ("highestFactor", .number(tuning.highestFactor)),
        ])
      ),
    ])
  }
}
