import Settings

/// What the learning rates of a model are: every combination is an exact restriction of one rate a
/// parameter and step, so that baselines are the same program with fewer degrees of freedom.
///
/// A rate is f(base + offsets) with f the parameterization: the base has granularity, time and an
/// initial value; offsets start at 0.
public struct RateSpecification: Sendable {
  /// Which parameters share a rate.
  public var granularity: Granularity
  /// How rates change over the inner steps.
  public var time: RateTime
  /// How trainable numbers become rates.
  public var parameterization: Parameterization
  /// Where learning starts.
  public var initial: any InitialRates
  /// What is added to all that before the parameterization; nothing by default.
  public var offsets: [RateOffset]
  /// Parameters whose rates are other than those of the rest; none by default.
  public var groups: [RateGroup] = []

  /// One rate per parameter, constant, in log space, from 0.1, unless said otherwise.
  public init(
    granularity: Granularity = .parameter, time: RateTime = .constant,
    parameterization: Parameterization = .log, initial: any InitialRates = UniformRates(),
    offsets: [RateOffset] = []
  ) {
    self.granularity = granularity
    self.time = time
    self.parameterization = parameterization
    self.initial = initial
    self.offsets = offsets
  }

  /// The base alone.
  public var base: RateSpecification {
    var copy = self
    copy.offsets = []
    return copy
  }

  /// Whether rates are learned as the same terms under the same parameterization, however fast.
  package func hasTerms(of other: RateSpecification) -> Bool {
    granularity == other.granularity && time == other.time
      && parameterization == other.parameterization && groups == other.groups
      && offsets.map(\.granularity) == other.offsets.map(\.granularity)
      && offsets.map(\.time) == other.offsets.map(\.time)
  }

  /// Whether any term changes over the inner steps.
  public var changesOverTime: Bool {
    time != .constant || offsets.contains { $0.time != .constant }
  }
}

extension RateSpecification: Configurable {
  /// Granularity, time, parameterization, initial value, offsets.
  public static let schema = Schema<Self>(
    "what the learning rates are",
    Setting("granularity", \.granularity, .granularity, "which parameters share a rate"),
    Setting("time", \.time, .rateTime, "how rates change over the inner steps"),
    Setting(
      "parameterization", \.parameterization, .parameterization,
      "how trainable numbers become rates"),
    Setting("initial", \.initial, .kind(of: .initialRates), "rates before anything is learned"),
    Setting(
      "terms", \.offsets, .terms,
      "the base, which is the settings above, and offsets that are added to it",
      byDefault: "base", isWritten: { !$0.offsets.isEmpty }),
    Setting(
      "groups", \.groups, .list(of: .section(RateGroup(match: "*"))),
      "parameters whose rates are other than those of the rest, by their paths",
      isWritten: { !$0.groups.isEmpty })
  ).refusing { rates, _ in rates.offsetConflict ?? rates.groupConflict }

  /// Groups that cannot be, as far as that is known before there is a model.
  private var groupConflict: Conflict? {
    for (index, group) in groups.enumerated() {
      let key = "groups[\(index)]"
      if case .layerFactor = group.granularity {
        return Conflict(
          "\(key).granularity",
          "found layerFactor, expected another: a layer factor is of all layers")
      }
      if case .layerFactor = granularity, group != RateGroup(match: group.match, isTrained: false) {
        return Conflict(
          key,
          "found more than train beside granularity layerFactor, expected another granularity: a layer "
            + "factor leaves no rate free")
      }
      guard let rate = group.rate else { continue }
      let range = parameterization.possibleRates
      if !range.admits(rate) || parameterization.unconstrained(rate) == nil {
        return Conflict("\(key).rate", rate, expected: range.description)
      }
    }
    return nil
  }

  /// Offsets that cannot be, as far as that is known before there is a model.
  private var offsetConflict: Conflict? {
    for (index, offset) in offsets.enumerated() {
      let key = "terms[\(index + 1)]"
      if case .layerFactor = offset.granularity {
        return Conflict(
          "\(key).granularity",
          "found layerFactor, expected another: a layer factor multiplies and is a base")
      }
      if case .layerFactor = granularity, parameterization != .log {
        return Conflict(
          key,
          "found an offset beside granularity layerFactor under parameterization "
            + "\(parameterization.word), expected parameterization log")
      }
      let earlier = [time] + offsets[..<index].map(\.time)
      if offset.decay == 0, let other = earlier.first(where: { $0.isMixed(with: offset.time) }) {
        return Conflict(
          "\(key).decay",
          "found 0 for time \(offset.time) beside \(other), expected a number above 0: without one "
            + "nothing tells them apart")
      }
    }
    return nil
  }
}
