import MetaLearning
import Settings

/// What each section alone cannot know to be impossible.
extension RunConfiguration {
  /// The first conflict among the values.
  func conflict(_ written: Written) -> Conflict? {
    let checks: [() -> Conflict?] = [
      { modelConflict(written) },
      { initialRatesConflict },
      { knotsConflict },
      { objectiveConflict(written) },
      { estimatorConflict },
      { adaptationConflict },
      { cadenceConflict },
      { horizonConflict },
      { learningConflict },
      { nonFiniteConflict },
      { validationConflict },
      { exchangeConflict },
      { decayConflict },
      { signalConflict },
      { averageConflict },
      { releaseConflict },
      { onlineConflict(written) },
      { taskConflict(written) },
      { evaluationConflict },
      { groupsConflict },
    ]
    return checks.lazy.compactMap { $0() }.first
  }

  private var initialRatesConflict: Conflict? {
    rates.initial.conflict(with: rates, layers: task.bringsItsModel ? 1 : model.layerCount)?
      .within("rates.initial")
  }

  private var knotsConflict: Conflict? {
    let times =
      [("rates.time", rates.time)]
      + rates.offsets.enumerated().map { ("rates.terms[\($0 + 1)].time", $1.time) }
    return times.lazy.compactMap { key, time in
      guard case .knots(let count) = time, count > inner.steps else { return nil }
      return Conflict(
        "\(key).count", count,
        expected: "at most inner.steps, \(inner.steps): no step lies between more")
    }.first
  }

  private func taskConflict(_ written: Written) -> Conflict? {
    let use = TaskUse(
      inner: inner, objective: objective,
      learnsInitialWeights: outer.learning.contains(.initialWeights))
    return task.conflict(with: use, written)
  }

  /// Rates that adapt are one for each parameter, which nothing holds.
  private var groupsConflict: Conflict? {
    guard !rates.groups.isEmpty, inner.online != nil else { return nil }
    return Conflict(
      "rates.groups", "found groups beside rates that adapt, expected none; or remove inner.online")
  }

  private var evaluationConflict: Conflict? {
    guard let batch = evaluation.batch, !task.evaluatesInBatches else { return nil }
    return Conflict(
      "evaluation.batch", batch,
      expected: "none: the task \(task.word) evaluates its few examples at once")
  }

  /// A horizon that changes starts with an eighth of the steps, unless said otherwise.
  mutating func settleHorizon(_ written: Written) {
    let eighth = max(1, inner.steps / 8)
    switch outer.horizon {
    case .growing(_, let every) where !written.contains("outer.horizon.from"):
      outer.horizon = .growing(from: eighth, every: every)
    case .random where !written.contains("outer.horizon.lowest"):
      outer.horizon = .random(lowest: eighth)
    case .fixed, .growing, .random: break
    }
  }

  private var nonFiniteConflict: Conflict? {
    guard outer.nonFinite != .stop else { return nil }
    if outer.learning == .adaptation {
      return Conflict(
        "outer.nonFinite",
        "found skip beside rates that adapt in the runs, expected stop: no run's rates can be left out"
      )
    }
    if outer.shrinkage != nil {
      return Conflict(
        "outer.nonFinite",
        "found skip beside outer.shrink, expected stop: the noise of a mean is told by all runs of a step"
      )
    }
    guard outer.cadence != .restarted else { return nil }
    return Conflict(
      "outer.nonFinite",
      "found skip beside runs that go on, expected outer.cadence restarted: a run that is not finite once "
        + "stays so")
  }

  // MARK: The model

  private func modelConflict(_ written: Written) -> Conflict? {
    if task.bringsItsModel {
      return written.contains("model")
        ? Conflict(
          "model",
          "found a model, expected none: the task \(task.word) is its own; remove it, from the "
            + "command line with model=null") : nil
    }
    return lossConflict ?? examplesConflict(model)
  }

  /// A model that is defined by another loss than the task's.
  private var lossConflict: Conflict? {
    guard let loss = task.loss, let own = model.loss, own.word != loss.word else { return nil }
    let others: [any ModelKind] =
      loss.isOfClasses
      ? [LogisticRegression()] : loss == .meanSquaredError ? [LinearRegression()] : []
    let words = (["mlp"] + others.map(\.word)).joined(separator: " or ")
    let advice = task.node["loss"] != nil ? "; or set task.loss=\(own.word)" : ""
    return Conflict(
      "model",
      "found \(model.word), whose loss is \(own.word), expected another, such as \(words), for the task "
        + "\(task.word), whose loss is \(loss.word)\(advice)")
  }

  /// A model that cannot learn examples of the task's form, where that is known.
  private func examplesConflict(_ model: some ModelKind) -> Conflict? {
    guard let examples = task.examples(scalarType) else { return nil }
    do {
      _ = try model.drawing(for: examples)
      return nil
    } catch {
      return Conflict("model" + (error.key.isEmpty ? "" : ".\(error.key)"), error.description)
    }
  }

  // MARK: Objective and estimator

  private func objectiveConflict(_ written: Written) -> Conflict? {
    guard case .weighted(let weights) = objective else { return nil }
    guard written.contains("outer.objective.weights") else {
      return Conflict(
        "outer.objective.weights",
        "found nothing, expected a list of \(inner.steps) numbers, one per inner step; add it")
    }
    guard weights.count == inner.steps, weights.contains(where: { $0 > 0 }) else {
      return Conflict(
        "outer.objective.weights",
        "found \(weights.count) weights, expected \(inner.steps), one per inner step and not all 0")
    }
    if let steps = outer.validation.steps, steps != inner.steps {
      return Conflict(
        "outer.objective",
        "found one weight for each of \(inner.steps) steps beside outer.validation.steps \(steps), "
          + "expected as many steps in validation as there are weights; or outer.objective final, "
          + "mean or training")
    }
    if let steps = ablation.horizons?.first(where: { $0 != inner.steps }) {
      return Conflict(
        "ablation.horizons",
        "found test runs of \(steps) steps beside one weight for each of \(inner.steps) steps, "
          + "expected as many steps as there are weights; or outer.objective final, mean or training"
      )
    }
    guard outer.horizon != .fixed else { return nil }
    return Conflict(
      "outer.horizon",
      "found a horizon that changes beside one weight a step, expected outer.objective final, mean or "
        + "training")
  }

  private var estimatorConflict: Conflict? {
    let estimator = outer.estimator
    if let target = outer.learning.targets.first(where: { !estimator.targets.contains($0) }) {
      return Conflict(
        "hypergradient.estimator",
        "found an estimator that tells nothing of \(target.rawValue), expected one that does, "
          + "such as reverse, truncated or firstOrder; or learn rates alone")
    }
    guard outer.learning != .adaptation else { return nil }
    return estimator.conflict(
      steps: inner.steps, rates: rates, isHorizonFixed: outer.horizon == .fixed
    ).map { Conflict("hypergradient.estimator", $0) }
  }

  // MARK: Learning

  private var adaptationConflict: Conflict? {
    guard outer.learning == .adaptation else { return nil }
    func conflict(_ message: String) -> Conflict { Conflict("outer.learn", message) }
    guard let online = inner.online else {
      return conflict(
        "found adaptedRates without rates that adapt, expected inner.online, such as "
          + "inner.online={rule: additive, metaRate: 0.001, floor: 1e-6}")
    }
    if rates.granularity != .parameter || rates.time != .constant || !rates.offsets.isEmpty
      || !rates.groups.isEmpty
    {
      return conflict(
        "found adaptedRates beside rates that parameters or steps share, expected "
          + "rates.granularity parameter, rates.time constant and no terms but the base")
    }
    switch rates.parameterization {
    case .direct: return nil
    case .log, .softplus:
      return online.keepsRatesPositive
        ? nil
        : conflict(
          "found adaptedRates that may fall to 0 beside rates.parameterization "
            + "\(rates.parameterization.word), expected inner.online.floor above 0, or direct")
    case .sigmoid:
      return conflict(
        "found adaptedRates beside rates.parameterization sigmoid, expected direct: rates that adapt "
          + "heed no maximum")
    }
  }

  private var cadenceConflict: Conflict? {
    guard case .carried = outer.cadence else { return nil }
    func conflict(_ message: String) -> Conflict { Conflict("outer.cadence", message) }
    if outer.sharesInitialWeights {
      return conflict(
        "found runs that go on beside initial weights that are shared, expected "
          + "outer.initialWeights fresh; or choose the cadence restarted")
    }
    if rates.changesOverTime {
      return conflict(
        "found runs that go on beside rates that change over time, expected rates.time constant, of "
          + "every term; or choose the cadence restarted")
    }
    guard outer.horizon != .fixed else { return nil }
    return conflict(
      "found runs that go on beside a horizon that changes, expected outer.horizon fixed")
  }

  private var horizonConflict: Conflict? {
    let (key, steps): (String, Int) =
      switch outer.horizon {
      case .growing(let from, _): ("from", from)
      case .random(let lowest): ("lowest", lowest)
      case .fixed: ("", 0)
      }
    guard steps > inner.steps else { return nil }
    return Conflict(
      "outer.horizon.\(key)", steps, expected: "a whole number from 1 to \(inner.steps)")
  }

  private var learningConflict: Conflict? {
    if outer.learning.targets == [.optimizerScalars], !inner.hasScalars {
      return Conflict(
        "outer.learn",
        "found optimizerScalars of an inner step that has none, expected an optimizer with momentum "
          + "or decays, a clip limit, weight decay, or other targets")
    }
    if outer.frozenSteps > 0, outer.frozenSteps >= outer.steps,
      outer.learning.targets == [.rates]
    {
      return Conflict(
        "outer.freeze",
        "found rates that are frozen for all \(outer.steps) outer steps, expected fewer than that")
    }
    return nil
  }

  private var validationConflict: Conflict? {
    guard outer.patience != nil, outer.validation.every == 0 else { return nil }
    return Conflict(
      "outer.patience",
      "found patience without checks that it could count, expected outer.validation.every from 1; or "
        + "no patience")
  }

  private var exchangeConflict: Conflict? {
    let validation = outer.validation
    guard validation.testsExchange else { return nil }
    if validation.every == 0 || validation.tasks < 2 {
      return Conflict(
        "outer.validation.exchange",
        "found a test of exchange beside \(validation.every == 0 ? "no checks" : "checks of one run"), "
          + "expected outer.validation.every from 1 and outer.validation.tasks from 2")
    }
    return outer.cadence == .restarted
      ? nil
      : Conflict(
        "outer.validation.exchange",
        "found a test of exchange beside runs that go on, expected outer.cadence restarted: what was "
          + "learned of a run tells its units apart")
  }

  /// A pull by more than the offset itself goes beyond 0, and back, ever farther.
  private var decayConflict: Conflict? {
    rates.offsets.enumerated().lazy.compactMap { index, offset -> Conflict? in
      let pull = outer.rate * offset.speed * offset.decay
      guard pull >= 1 else { return nil }
      return Conflict(
        "rates.terms[\(index + 1)].decay", offset.decay,
        " beside outer.optimizer.rate \(outer.rate) and the speed \(offset.speed)",
        expected:
          "a product of the three below 1: that share of the offset is taken off at each step")
    }.first
  }

  private var signalConflict: Conflict? {
    guard outer.shrinkage != nil else { return nil }
    func conflict(_ message: String) -> Conflict { Conflict("outer.shrink", message) }
    if !outer.learning.contains(.rates) {
      return conflict("found signal beside rates that are not learned, expected none")
    }
    if outer.tasks < 2 {
      return conflict(
        "found signal beside one run an outer step, expected outer.tasks from 2: the spread of runs "
          + "tells signal from noise")
    }
    return outer.estimator.tellsSpread
      ? nil
      : conflict(
        "found signal beside an estimator that does not tell the runs' hypergradients apart, expected "
          + "reverse, truncated, firstOrder, online or diagonalForward")
  }

  private var releaseConflict: Conflict? {
    guard outer.schedule is CoarseToFineSchedule else { return nil }
    func conflict(_ message: String) -> Conflict { Conflict("outer.schedule", message) }
    if rates.offsets.isEmpty || !outer.learning.contains(.rates) {
      return conflict(
        "found coarseToFine beside rates of one term or rates that are not learned, expected offsets in "
          + "rates.terms that it can release")
    }
    return outer.validation.every > 0
      ? nil
      : conflict(
        "found coarseToFine without checks that it could count, expected outer.validation.every from 1"
      )
  }

  private var averageConflict: Conflict? {
    guard outer.average != nil else { return nil }
    if outer.learning == .adaptation {
      return Conflict(
        "outer.average", "found an average of rates that adapt inside runs, expected none")
    }
    return outer.validation.every > 0
      ? nil
      : Conflict(
        "outer.average",
        "found an average without checks that could prefer it, expected outer.validation.every from 1"
      )
  }

  private func onlineConflict(_ written: Written) -> Conflict? {
    guard inner.online?.rule == .idbd else { return nil }
    guard task.adaptsByIDBD else {
      return Conflict(
        "inner.online",
        "found the rule idbd beside the task \(task.word), expected additive or multiplicative: idbd "
          + "is for a linear model that sees one example a step, as in the task tracking")
    }
    return TaskUse(inner: inner, objective: objective, learnsInitialWeights: false)
      .requiringPlainDescent(
        beside: "the rule idbd", "idbd is a step of its own", allowsAdaptation: true, written)
  }
}
