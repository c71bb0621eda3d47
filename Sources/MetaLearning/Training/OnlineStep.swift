import TensorPrograms

/// An optimizer's step that also adapts the rates, by the one-step hypergradient.
///
/// With d_t the direction of step t (the gradient, for plain descent) and g_{t+1} the gradient after
/// it, ∂loss_{t+1}/∂α_t = −g_{t+1}⊙s_t d_t: the rates move along h = g_{t+1}⊙s_t d_t before the
/// step is taken. The state keeps how far the rates have moved from those that the run was given, so
/// that a run with adapting rates can itself be differentiated with respect to where they start.
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

  /// Those of the optimizer, then the meta-rate.
  public var scalars: ScalarLayout {
    ScalarLayout(base.scalars.entries + [.init("meta_rate", online.metaRate, .positive)])
  }

  /// Parameters, moves of the rates, last directions, the optimizer's slots, the model's own state.
  public func initialState(_ parameters: [Tensor]) -> [Tensor] {
    let zeros = parameters.map { Tensor.zeros($0.type) }
    return parameters + zeros + zeros + base.initialState(parameters).dropFirst(parameters.count)
  }

  /// Behind the names of the groups.
  public func stateNames(_ parameters: [ParameterPath]) -> [ParameterPath] {
    func group(_ name: String) -> [ParameterPath] {
      parameters.map { ParameterPath([name] + $0.components) }
    }
    return parameters + group("rate_moves") + group("last_direction")
      + base.stateNames(parameters).dropFirst(parameters.count)
  }

  /// Rates with their moves, which start again from 0.
  public func adaptedRates(
    _ rates: [Tensor], _ state: [Tensor]
  ) -> (rates: [Tensor], state: [Tensor])? {
    let moves = state[rates.count..<2 * rates.count]
    var next = state
    next.replaceSubrange(rates.count..<2 * rates.count, with: moves.map { .zeros($0.type) })
    return (zip(rates, moves).map { $0 + $1 }, next)
  }

  /// For first-order hypergradients.
  public var withConstantGradients: Self {
    var copy = self
    copy.base = base.withConstantGradients
    return copy
  }

  /// Rates first, by the gradient that is at hand anyway, then weights.
  public func callAsFunction(
    state: [Tensor], rates: [Tensor], scalars: [Tensor], dataset: [Tensor], batch: [Tensor],
    time: StepTime
  ) -> (state: [Tensor], loss: Tensor) {
    let count = rates.count
    let parameters = Array(state.prefix(count))
    let descent = base.descent(
      state: parameters + state.dropFirst(3 * count), parameterCount: count,
      scalars: Array(scalars.dropLast()), dataset: dataset, batch: batch, time: time)
    let metaRate = scalars.last!
    var (next, moves, directions) = ([Tensor](), [Tensor](), [Tensor]())
    for index in 0..<count {
      let rate = adapted(
        rates[index] + state[count + index], gradient: descent.gradient[index],
        direction: state[2 * count + index], metaRate)
      let direction = time.multiplier * descent.directions[index]
      next.append(parameters[index] - rate * direction)
      moves.append(rate - rates[index])
      directions.append(direction)
    }
    return (next + moves + directions + descent.rest, descent.loss)
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
