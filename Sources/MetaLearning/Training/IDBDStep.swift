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

  /// θ.
  public var scalars: ScalarLayout {
    ScalarLayout([.init("meta_rate", online.metaRate, .positive)])
  }

  /// Weights, moves of the rates, traces.
  public func initialState(_ parameters: [Tensor]) -> [Tensor] {
    parameters + [.zeros(parameters[0].type), .zeros(parameters[0].type)]
  }

  /// Behind the names of the groups.
  public func stateNames(_ parameters: [ParameterPath]) -> [ParameterPath] {
    parameters
      + ["rate_moves", "traces"].map { ParameterPath([$0] + parameters[0].components) }
  }

  /// Rates with their moves, which start again from 0.
  public func adaptedRates(
    _ rates: [Tensor], _ state: [Tensor]
  ) -> (rates: [Tensor], state: [Tensor])? {
    ([rates[0] + state[1]], [state[0], .zeros(state[1].type), state[2]])
  }

  /// For first-order hypergradients.
  public var withConstantGradients: Self {
    var copy = self
    copy.hasConstantGradients = true
    return copy
  }

  /// Rates, weights, traces, in this order.
  public func callAsFunction(
    state: [Tensor], rates: [Tensor], scalars: [Tensor], dataset: [Tensor], batch: [Tensor],
    time: StepTime
  ) -> (state: [Tensor], loss: Tensor) {
    let (weights, moves, traces, x) = (state[0], state[1], state[2], batch[0])
    let error = batch[1] - (weights * x).sum()
    let correction = (hasConstantGradients ? error.withoutGradient() : error) * x
    let floor = Tensor(repeating: online.floor, TensorType(.scalar, weights.scalarType))
    let moved = (rates[0] + moves) * (scalars[0] * correction * traces).exp()
    let rate = Tensor.maximum(moved, floor)
    let alpha = 2 * time.multiplier * rate
    let push = alpha * correction
    let next = [
      weights + push, rate - rates[0], traces * (1 - alpha * x.squared()).relu() + push,
    ]
    return (next, error.squared())
  }
}
