import TensorPrograms

/// Incremental delta-bar-delta: plain descent of a linear model on squared errors, one example at a
/// time, whose rates adapt by exponentiated one-step hypergradients that remember.
///
/// With δ = y − w·x and α = e^β, for every input: β += θ δ x h, then w += α δ x, then
/// h = h max(0, 1 − α x²) + α δ x. The trace h is how w moves with β. The gradient of δ² is −2 δ x,
/// so that rates here are half of Sutton's α. The state keeps how far rates have moved from those
/// that the run was given, so that it can be differentiated with respect to where they start.
///
/// A step's data are one example: x of the weights' shape, and y.
///
/// Source: Sutton, "Adapting bias by gradient descent: an incremental version of delta-bar-delta"
/// (1992).
public struct IDBDStep: InnerStep {
  private let online: OnlineSpecification
  private var hasConstantGradients = false

  /// A step with the given meta-rate and floor of the rates.
  public init(_ online: OnlineSpecification) {
    self.online = online
  }

  /// The meta-rate θ.
  public var scalars: ScalarLayout {
    ScalarLayout([.init("meta_rate", online.metaRate, .positive)])
  }

  private static var traces: String { "traces" }

  /// Weights, with rates that have not moved and empty traces.
  public func initialState(_ weights: [Tensor]) -> TrainingState {
    let zeros = weights.map { Tensor.zeros($0.type) }
    return TrainingState(
      weights: weights,
      adaptation: OptimizerState([.init(RateMoves.name, zeros), .init(Self.traces, zeros)]))
  }

  /// Rates with their moves, which start again from 0.
  public func adaptedRates(
    _ rates: [Tensor], _ state: TrainingState
  ) -> (rates: [Tensor], state: TrainingState)? {
    RateMoves.adapted(rates, state)
  }

  /// For first-order hypergradients.
  public var withConstantGradients: Self {
    var copy = self
    copy.hasConstantGradients = true
    return copy
  }

  /// Rates, weights, traces, in this order.
  public func callAsFunction(
    _ state: TrainingState, rates: [Tensor], scalars: [Tensor], dataset: [Tensor],
    batch: [Tensor], time: StepTime
  ) -> (state: TrainingState, loss: Tensor) {
    let (weights, x, y) = (state.weights[0], batch[0], batch[1])
    let moves = state.adaptation[RateMoves.name][0]
    let traces = state.adaptation[Self.traces][0]
    let error = y - (weights * x).sum()
    let correction = (hasConstantGradients ? error.withoutGradient() : error) * x
    let floor = Tensor(repeating: online.floor, TensorType(.scalar, weights.scalarType))
    let moved = (rates[0] + moves) * (scalars[0] * correction * traces).exp()
    let rate = Tensor.maximum(moved, floor)
    let alpha = 2 * time.multiplier * rate
    let push = alpha * correction
    var next = state
    next.weights = [weights + push]
    next.adaptation[RateMoves.name] = [rate - rates[0]]
    next.adaptation[Self.traces] = [traces * (1 - alpha * x.squared()).relu() + push]
    return (next, error.squared())
  }
}
