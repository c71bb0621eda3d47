import TensorPrograms

/// An optimizer's step that also adapts the rates, by the one-step hypergradient.
///
/// With d_t the direction of step t (the gradient, for plain descent) and g_{t+1} the gradient
/// after it, ∂loss_{t+1}/∂α_t = −g_{t+1}⊙s_t d_t: the rates move along h = g_{t+1}⊙s_t d_t before
/// the step is taken. The state keeps how far the rates have moved from those that the run was
/// given, so that a run with adapting rates can itself be differentiated with respect to where they
/// start.
///
/// Source: Baydin, Cornish, Rubio, Schmidt and Wood, "Online learning rate adaptation with
/// hypergradient descent" (2018).
public struct OnlineStep<Task: LearningTask>: InnerStep {
  private var base: OptimizerStep<Task>
  private let online: OnlineSpecification

  /// A step of an optimizer whose rates adapt; the rule is additive or multiplicative.
  public init(_ base: OptimizerStep<Task>, _ online: OnlineSpecification) {
    self.base = base
    self.online = online
  }

  /// Those of the optimizer and the transformations, then the meta-rate.
  public var scalars: ScalarLayout {
    ScalarLayout(parts: [base.scalars.entries, [.init("meta_rate", online.metaRate, .positive)]])
  }

  private static var lastDirection: String { "last_direction" }

  /// The optimizer's, with rates that have not moved and no last direction.
  public func initialState(_ weights: [Tensor]) -> TrainingState {
    var state = base.initialState(weights)
    let zeros = weights.map { Tensor.zeros($0.type) }
    state.adaptation = OptimizerState([
      .init(RateMoves.name, zeros), .init(Self.lastDirection, zeros),
    ])
    return state
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
    copy.base = base.withConstantGradients
    return copy
  }

  /// Rates first, by the gradient that is at hand anyway, then weights.
  public func callAsFunction(
    _ state: TrainingState, rates: [Tensor], scalars: [Tensor], dataset: [Tensor],
    batch: [Tensor], time: StepTime
  ) -> (state: TrainingState, loss: Tensor) {
    let numbers = self.scalars.parts(of: scalars)
    let descent = base.descent(
      state, scalars: numbers[0], dataset: dataset, batch: batch, time: time)
    let (moves, last) = (
      state.adaptation[RateMoves.name], state.adaptation[Self.lastDirection]
    )
    var next = descent.next
    for index in state.weights.indices {
      let rate = adapted(
        rates[index] + moves[index], gradient: descent.gradient[index], direction: last[index],
        numbers[1][0])
      let direction = time.multiplier * descent.directions[index]
      next.weights[index] = state.weights[index] - rate * direction
      next.adaptation[RateMoves.name][index] = rate - rates[index]
      next.adaptation[Self.lastDirection][index] = direction
    }
    return (next, descent.loss)
  }

  private func adapted(
    _ rate: Tensor, gradient: Tensor, direction: Tensor, _ metaRate: Tensor
  ) -> Tensor {
    let moved: Tensor
    switch online.rule {
    case .additive: moved = rate + metaRate * gradient * direction
    case .multiplicative:
      let size = Double(max(1, gradient.shape.count))
      let scaled =
        size * Norm([gradient]).normalized(gradient) * Norm([direction]).normalized(direction)
      let one = Tensor(repeating: 1, TensorType(.scalar, rate.scalarType))
      moved = rate * (1 + metaRate * Tensor.maximum(.minimum(scaled, one), -one))
    case .idbd: fatalError("the rule idbd is a step of its own")
    }
    let floor = Tensor(repeating: online.floor, TensorType(.scalar, rate.scalarType))
    return Tensor.maximum(moved, floor)
  }
}
