import Settings

/// An exponential average of what is learned over outer steps, which competes with the states
/// themselves where validation chooses.
///
/// Source: Polyak and Juditsky, "Acceleration of stochastic approximation by averaging" (1992),
/// with exponential weights.
public struct OuterAverage: Sendable, Equatable {
  /// How much of the average each outer step keeps.
  public var decay: Double

  /// An average over about a hundred outer steps, unless said otherwise.
  public init(decay: Double = 0.99) { self.decay = decay }

  /// What the outer state calls the average.
  static let slotName = "average"
}

extension OuterAverage: Configurable {
  /// The decay.
  public static let schema = Schema<Self>(
    "an average over outer steps",
    Setting(
      "decay", \.decay, .number(.between0And1), "how much of the average an outer step keeps"))
}
