import TensorPrograms

/// The tensors that an optimizer carries from step to step: some slots, each with one tensor for
/// every parameter tensor.
public struct OptimizerState: Sendable {
  /// Slot by slot, each in the order of the parameters.
  public var slots: [[Tensor]]

  /// All tensors, slot by slot.
  public var tensors: [Tensor] { slots.flatMap { $0 } }

  /// A state of the given slots.
  public init(slots: [[Tensor]]) { self.slots = slots }

  /// A state cut from one list of tensors into so many slots of equal size.
  public init(tensors: [Tensor], slots count: Int) {
    let width = count == 0 ? 0 : tensors.count / count
    slots = (0..<count).map { Array(tensors[($0 * width)..<($0 + 1) * width]) }
  }
}

/// A differentiable optimizer: one step as a function of gradient, state, weights and rates.
///
/// Formulas, α being the rates and s the schedule's multiplier:
/// ```
/// sgd       θ ← θ − s α⊙g
/// momentum  v ← μv + g;  θ ← θ − s α⊙v
/// nesterov  v ← μv + g;  θ ← θ − s α⊙(g + μv)
/// rmsprop   v ← ρv + (1−ρ)g²;  θ ← θ − s α⊙ g/(√(v+ε_root)+ε)
/// adam      m ← β1 m + (1−β1) g;  v ← β2 v + (1−β2) g²;  m̂ = m/(1−β1ᵗ), v̂ = v/(1−β2ᵗ), t from 1
///           d = m̂/(√(v̂+ε_root)+ε);  θ ← θ − s α⊙d
/// adamw     θ ← θ − s α⊙(d + λθ)
/// lamb      r = d + λθ;  θ ← θ − s α⊙r·‖θ‖/‖r‖ for each tensor, the ratio 1 where either norm is 0
/// ```
/// Scalars such as μ are tensors, so they can be learned. Sources: Polyak 1964; Nesterov 1983 as
/// written by Sutskever et al. 2013; Tieleman and Hinton 2012; Kingma and Ba 2015; Loshchilov and
/// Hutter 2019; You et al. 2020.
public struct Optimizer: Sendable {
  /// Where the optimizer is used, which decides ε_root where nothing else does.
  public enum Role: Sendable {
    /// ε_root is 1e-8: without it the second derivative at a zero gradient is infinite.
    case inner
    /// ε_root is 0: hypergradients are often below 1e-4 and would be damped in silence.
    case outer
  }

  /// The formula and its numbers.
  public let specification: OptimizerSpecification
  private let epsilonRoot: Double

  /// An optimizer of the given specification.
  public init(_ specification: OptimizerSpecification, role: Role) {
    self.specification = specification
    epsilonRoot = specification.epsilonRoot ?? (role == .inner ? 1e-8 : 0)
  }

  /// Names of the state's slots.
  public var slotNames: [String] {
    switch specification.kind {
    case .sgd: []
    case .momentum, .nesterov: ["velocity"]
    case .rmsprop: ["second_moment"]
    case .adam, .adamw, .lamb: ["first_moment", "second_moment"]
    }
  }

  /// Zeros for every slot.
  public func initialState(_ parameters: [TensorType]) -> OptimizerState {
    OptimizerState(slots: slotNames.map { _ in parameters.map { .zeros($0) } })
  }

  /// One step.
  ///
  /// - Parameters:
  ///   - rates: one a parameter tensor, of its shape or stretching to it.
  ///   - scalars: the values of `specification.scalars`, in that order.
  ///   - step: how many steps came before, a scalar.
  ///   - multiplier: the schedule's value, a scalar.
  public func update(
    _ parameters: [Tensor], gradients: [Tensor], state: OptimizerState, rates: [Tensor],
    scalars: [Tensor], step: Tensor, multiplier: Tensor
  ) -> (parameters: [Tensor], state: OptimizerState) {
    let (directions, next) = directions(
      parameters, gradients: gradients, state: state, scalars: scalars, step: step)
    let updated = parameters.indices.map { index in
      parameters[index] - multiplier * rates[index] * directions[index]
    }
    return (updated, next)
  }

  /// What a step subtracts from the weights, before schedule and rates: d_t in θ ← θ − s α⊙d.
  public func directions(
    _ parameters: [Tensor], gradients: [Tensor], state: OptimizerState, scalars: [Tensor],
    step: Tensor
  ) -> (directions: [Tensor], state: OptimizerState) {
    switch specification.kind {
    case .sgd:
      return (gradients, state)
    case .momentum:
      let velocity = zip(state.slots[0], gradients).map { scalars[0] * $0 + $1 }
      return (velocity, OptimizerState(slots: [velocity]))
    case .nesterov:
      let velocity = zip(state.slots[0], gradients).map { scalars[0] * $0 + $1 }
      return (
        zip(gradients, velocity).map { $0 + scalars[0] * $1 }, OptimizerState(slots: [velocity])
      )
    case .rmsprop:
      let decay = scalars[0]
      let second = zip(state.slots[0], gradients).map { decay * $0 + (1 - decay) * $1 * $1 }
      return (zip(gradients, second).map { $0 / root($1) }, OptimizerState(slots: [second]))
    case .adam:
      return moments(gradients, state, scalars, step)
    case .adamw:
      let (directions, next) = moments(gradients, state, scalars, step)
      return (zip(directions, parameters).map { $0 + scalars[2] * $1 }, next)
    case .lamb:
      let (directions, next) = moments(gradients, state, scalars, step)
      let scaled = zip(directions, parameters).map { direction, parameter in
        Optimizer.trusted(direction + scalars[2] * parameter, of: parameter)
      }
      return (scaled, next)
    }
  }

  /// The bias-corrected first moment over the root of the second.
  private func moments(
    _ gradients: [Tensor], _ state: OptimizerState, _ scalars: [Tensor], _ step: Tensor
  ) -> ([Tensor], OptimizerState) {
    let (beta1, beta2) = (scalars[0], scalars[1])
    let first = zip(state.slots[0], gradients).map { beta1 * $0 + (1 - beta1) * $1 }
    let second = zip(state.slots[1], gradients).map { beta2 * $0 + (1 - beta2) * $1 * $1 }
    let time = step + 1
    let (bias1, bias2) = (1 - beta1.power(time), 1 - beta2.power(time))
    let directions = zip(first, second).map { m, v in (m / bias1) / root(v / bias2) }
    return (directions, OptimizerState(slots: [first, second]))
  }

  /// √(v + ε_root) + ε; where both are 0 under the root, the derivative is 0 rather than infinite.
  private func root(_ v: Tensor) -> Tensor {
    guard epsilonRoot == 0 else { return (v + epsilonRoot).squareRoot() + specification.epsilon }
    let isPositive = v.isGreater(than: 0)
    let inside = Tensor.select(isPositive, v, otherwise: v * 0 + 1)
    return isPositive * inside.squareRoot() + specification.epsilon
  }

  /// r·‖θ‖/‖r‖, or r itself where either norm is 0.
  private static func trusted(_ direction: Tensor, of parameter: Tensor) -> Tensor {
    let (ofParameter, ofDirection) = (Norm([parameter]), Norm([direction]))
    return .select(
      ofParameter.isPositive * ofDirection.isPositive,
      ofParameter.orOne * ofDirection.normalized(direction), otherwise: direction)
  }
}
