/// What a look into one validation run tells about learning: see `AdjointNorms` and `Sharpness`.
public struct Diagnostics: Sendable, Equatable {
  /// Inner steps done before each of the moments that the adjoint was measured at, from 0.
  public var adjointSteps: [Int]
  /// The norm of the objective's derivative with respect to the weights at those moments.
  public var adjointNorms: [Double]
  /// λ_max(A^½ H A^½) after the last inner step.
  public var sharpness: Double
  /// The sharpness that training becomes unstable at; nil where the optimizer has none.
  public var stabilityEdge: Double?
  /// How many rates differ from their initial value by more than 1 %, as a fraction.
  public var fractionMoved: Double
  /// How many rates are below 0.
  public var fractionNegative: Double
  /// How many rates are at a bound of their parameterization.
  public var fractionAtBound: Double
  /// For each of the rates' unconstrained tensors, whether its whole hypergradient is exactly zero.
  public var isHypergradientZero: [Bool]
  /// Whether exchangeable parameters differ in more than noise; nil where that was not asked.
  public var exchange: ExchangeTest?

  /// The given measurements.
  public init(
    adjointSteps: [Int], adjointNorms: [Double], sharpness: Double, stabilityEdge: Double?,
    fractionMoved: Double, fractionNegative: Double, fractionAtBound: Double,
    isHypergradientZero: [Bool], exchange: ExchangeTest? = nil
  ) {
    self.adjointSteps = adjointSteps
    self.adjointNorms = adjointNorms
    self.sharpness = sharpness
    self.stabilityEdge = stabilityEdge
    self.fractionMoved = fractionMoved
    self.fractionNegative = fractionNegative
    self.fractionAtBound = fractionAtBound
    self.isHypergradientZero = isHypergradientZero
    self.exchange = exchange
  }

  /// The adjoint's norm at the first step over that at the last measured moment.
  public var adjointGrowth: Double {
    guard let first = adjointNorms.first, let last = adjointNorms.last else { return .nan }
    return first / last
  }
}
