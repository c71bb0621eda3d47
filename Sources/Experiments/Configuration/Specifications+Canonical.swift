import MetaLearning

extension InnerSpecification {
  /// The section `inner`.
  func node(
    _ namingUnset: Bool, _ initialScalars: CheckpointReference?
  ) -> ConfigurationNode {
    var entries: [(String, ConfigurationNode)] = [
      ("optimizer", optimizer.node(role: .inner, namingUnset)),
      ("steps", .number(steps)),
      ("batch", .number(batch)),
      (
        transformations.allSatisfy(\.isClip) ? "clip" : "transformations",
        .list(transformations.map(\.node))
      ),
      ("schedule", schedule.node),
    ]
    if let online {
      entries.append(("online", online.node))
    } else if namingUnset {
      entries.append(("online", .text("none")))
    }
    if let initialScalars {
      entries.append(("scalars", initialScalars.node))
    } else if namingUnset {
      entries.append(("scalars", .kind("specified")))
    }
    return .map(entries)
  }
}

extension OnlineSpecification {
  fileprivate var node: ConfigurationNode {
    .map([
      ("rule", .text(rule.rawValue)), ("metaRate", .number(metaRate)), ("floor", .number(floor)),
    ])
  }
}

extension OptimizerSpecification {
  /// The formula and the numbers that it reads, after those that the place adds.
  fileprivate func node(
    role: Optimizer.Role, _ namingUnset: Bool, adding added: [(String, ConfigurationNode)] = []
  ) -> ConfigurationNode {
    let root = epsilonRoot ?? (namingUnset ? role.epsilonRoot : nil)
    let values: [String: Double?] = [
      "momentum": momentum, "decay": decay, "beta1": beta1, "beta2": beta2, "epsilon": epsilon,
      "weightDecay": weightDecay, "epsilonRoot": root,
    ]
    let own = KindTable.optimizers.keys(of: kind.rawValue).compactMap { key in
      values[key].flatMap { $0 }.map { (key, ConfigurationNode.number($0)) }
    }
    return .kind(kind.rawValue, added + own)
  }
}

extension GradientTransformation {
  /// Whether the short key `clip` takes it.
  fileprivate var isClip: Bool { if case .weightDecay = self { false } else { true } }

  fileprivate var node: ConfigurationNode {
    switch self {
    case .globalNorm(let limit): .kind("globalNorm", [("limit", .number(limit))])
    case .value(let limit): .kind("value", [("limit", .number(limit))])
    case .tensorNorm(let limit): .kind("tensorNorm", [("limit", .number(limit))])
    case .normalize: .kind("normalize")
    case .weightDecay(let rate): .kind("weightDecay", [("rate", .number(rate))])
    }
  }
}

extension Schedule {
  fileprivate var node: ConfigurationNode {
    let (kind, values) = written
    return .kind(kind, values)
  }

  private var written: (String, [(String, ConfigurationNode)]) {
    switch self {
    case .constant: ("constant", [])
    case .step(let every, let factor):
      ("step", [("every", .number(every)), ("factor", .number(factor))])
    case .exponential(let decay): ("exponential", [("decay", .number(decay))])
    case .cosine(let final): ("cosine", [("final", .number(final))])
    case .warmup(let steps): ("warmup", [("steps", .number(steps))])
    case .sequence(let parts):
      (
        "sequence",
        [
          (
            "parts",
            .list(
              parts.enumerated().map { index, part in
                let (kind, values) = part.schedule.written
                let length: [(String, ConfigurationNode)] =
                  index < parts.count - 1 ? [("for", .number(part.steps))] : []
                return .kind(kind, values + length)
              })
          )
        ]
      )
    }
  }
}

extension RateSpecification {
  /// The section `rates`.
  var node: ConfigurationNode {
    .map([
      ("granularity", granularityNode), ("time", timeNode),
      ("parameterization", parameterizationNode), ("initial", initialNode),
    ])
  }

  private var granularityNode: ConfigurationNode {
    switch granularity {
    case .global: .kind("global")
    case .layerFactor(let index): .kind("layerFactor", [("index", .text(index.rawValue))])
    case .layer: .kind("layer")
    case .tensor: .kind("tensor")
    case .row: .kind("row")
    case .parameter: .kind("parameter")
    }
  }

  private var timeNode: ConfigurationNode {
    switch time {
    case .constant: .kind("constant")
    case .window(let steps): .kind("window", [("steps", .number(steps))])
    case .step: .kind("step")
    }
  }

  private var parameterizationNode: ConfigurationNode {
    let word = parameterization.word
    return switch parameterization {
    case .sigmoid(let maximum): .kind(word, [("maximum", .number(maximum))])
    case .direct, .log, .softplus: .kind(word)
    }
  }

  private var initialNode: ConfigurationNode {
    switch initial {
    case .uniform(let rate): .kind("uniform", [("rate", .number(rate))])
    case .layerFactor(let base, let factor):
      .kind("layerFactor", [("base", .number(base)), ("factor", .number(factor))])
    case .gradientMagnitude(let median, let batches):
      .kind("gradientMagnitude", [("median", .number(median)), ("batches", .number(batches))])
    case .given(let file, let state): CheckpointReference(file: file, state: state).node
    }
  }
}

extension OuterSpecification {
  /// The section `outer`.
  func node(_ namingUnset: Bool, _ objective: ObjectiveSpecification) -> ConfigurationNode {
    var entries: [(String, ConfigurationNode)] = [
      ("optimizer", optimizer.node(role: .outer, namingUnset, adding: [("rate", .number(rate))])),
      ("schedule", schedule.node),
      ("steps", .number(steps)),
      ("learn", .list(learn.map { .text($0.rawValue) })),
      ("tasks", .number(tasks)),
      ("initialWeights", initialWeights.node),
      ("objective", objective.node),
    ]
    switch cadence {
    case .restarted: entries.append(("cadence", .kind("restarted")))
    case .carried(let windows):
      entries.append(
        ("cadence", .kind("carried", windows.map { [("windows", .number($0))] } ?? [])))
    }
    switch horizon {
    case .fixed: entries.append(("horizon", .kind("fixed")))
    case .growing(let from, let every):
      entries.append(
        ("horizon", .kind("growing", [("from", .number(from)), ("every", .number(every))])))
    case .random(let lowest):
      entries.append(("horizon", .kind("random", [("lowest", .number(lowest))])))
    }
    entries.append(("freeze", .number(frozenSteps)))
    entries.append(("patience", patience.map { .number($0) } ?? .text("none")))
    entries.append(("clip", clip?.node ?? .text("none")))
    entries.append(
      (
        "validation",
        .map(
          [("every", .number(validation.every)), ("tasks", .number(validation.tasks))]
            + (validation.steps.map { [("steps", .number($0))] } ?? []))
      ))
    return .map(entries)
  }
}
