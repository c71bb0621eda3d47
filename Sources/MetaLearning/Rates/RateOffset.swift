import Settings

/// A term that is added to the base of rates, in the unconstrained space of their parameterization.
/// It starts at 0.
public struct RateOffset: Sendable {
  /// Which parameters share a number of it.
  public var granularity: Granularity
  /// How it changes over the inner steps.
  public var time: RateTime
  /// What multiplies the outer rate for it.
  public var speed: Double
  /// What happens to its hypergradient before the update, in place of what happens to the rest.
  public var clip: (any GradientTransformation)?
  /// How much of the outer rate pulls it towards 0 in each update; without any it is centred within
  /// the coarser terms before it.
  public var decay: Double

  /// One constant number per parameter at the outer rate itself, unless said otherwise.
  public init(
    granularity: Granularity = .parameter, time: RateTime = .constant, speed: Double = 1,
    clip: (any GradientTransformation)? = nil, decay: Double = 0
  ) {
    self.granularity = granularity
    self.time = time
    self.speed = speed
    self.clip = clip
    self.decay = decay
  }
}

extension RateOffset: Configurable {
  /// Granularity, time, speed, clip, decay.
  public static let schema = Schema<Self>(
    "what is added to the base, before the parameterization",
    Setting("granularity", \.granularity, .granularity, "which parameters share a number"),
    Setting("time", \.time, .rateTime, "how it changes over the inner steps"),
    Setting("speed", \.speed, .number(.positive), "what multiplies the outer rate"),
    Setting(
      "clip", \.clip, .optional(.kind(of: .transformations, "a clip", where: \.isClip)),
      "what happens to its hypergradient; none for what outer.clip does"),
    Setting(
      "decay", \.decay, .number(.nonnegative),
      "how much of the outer rate pulls it to 0; without, it is centred within coarser terms"))
}

extension Form<[RateOffset]> {
  /// The terms of rates: the word `base`, for what stands around, and the offsets from it.
  static var terms: Form {
    .refining(
      .list(of: .word("base", or: .section(RateOffset()))),
      { terms, node, path throws(ConfigurationError) in
        guard let first = terms.first, first == nil else {
          throw node.wrong(
            at: path, expected: "a list that begins with base",
            advice: "write [base, { granularity: parameter, decay: 0.01 }], say")
        }
        let offsets = terms.dropFirst().compactMap(\.self)
        guard offsets.count == terms.count - 1 else {
          throw node.wrong(at: path, expected: "base once, and offsets behind it")
        }
        return offsets
      }, from: { [nil] + $0 })
  }
}
