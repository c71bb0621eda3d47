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

/// An optimizer's formula, lifted from one tensor to all tensors of a structure. Every optimizer has
/// this; none replaces it.
extension Optimizer {
  /// Names of the state's slots.
  public var slotNames: [String] {
    slots(like: TensorType(.scalar, .float32)).paths.map(\.description)
  }

  /// The numbers that can be learned, with their values.
  public var scalars: [ScalarLayout.Entry] { Self.learnable.map { $0.entry(self) } }

  /// The state before the first step.
  public func initialState(_ parameters: [TensorType]) -> OptimizerState {
    let byTensor = parameters.map { slots(like: $0).tensors }
    return OptimizerState(slots: slotNames.indices.map { slot in byTensor.map { $0[slot] } })
  }

  /// One step.
  ///
  /// - Parameters:
  ///   - parameters: the weights.
  ///   - gradients: of the loss with respect to each of them, in its shape.
  ///   - state: what the optimizer remembers of each of them.
  ///   - rates: one a parameter tensor, of its shape or stretching to it.
  ///   - scalars: the values of `scalars`, in that order.
  ///   - step: how many steps came before, a scalar.
  ///   - multiplier: the schedule's value, a scalar.
  public func update(
    _ parameters: [OptimizedTensor], gradients: [Tensor], state: OptimizerState, rates: [Tensor],
    scalars: [Tensor], step: Tensor, multiplier: Tensor
  ) -> (parameters: [Tensor], state: OptimizerState) {
    let (directions, next) = directions(
      parameters, gradients: gradients, state: state, scalars: scalars, step: step)
    let updated = parameters.indices.map { index in
      parameters[index].value - multiplier * rates[index] * directions[index]
    }
    return (updated, next)
  }

  /// What a step subtracts from the weights, before schedule and rates: d_t in θ ← θ − s α⊙d.
  public func directions(
    _ parameters: [OptimizedTensor], gradients: [Tensor], state: OptimizerState,
    scalars: [Tensor], step: Tensor
  ) -> (directions: [Tensor], state: OptimizerState) {
    let numbers = Numbers(of: self, scalars)
    var next = state
    let directions = parameters.indices.map { index in
      let parameter = parameters[index]
      var slots = slots(like: parameter.value.type)
        .replacingTensors(state.slots.map { $0[index] })
      let direction = direction(gradients[index], of: parameter, &slots, numbers, step: step)
      for (slot, tensor) in slots.tensors.enumerated() { next.slots[slot][index] = tensor }
      return direction
    }
    return (directions, next)
  }

  /// The stability edge at the values of `scalars`, in that order.
  func stabilityEdge(scalars: [Tensor]) -> Double? { stabilityEdge(Numbers(of: self, scalars)) }
}

extension ParameterLayout {
  /// Weights of this layout, with what optimizers may ask of each tensor.
  public func optimized(_ tensors: [Tensor]) -> [OptimizedTensor] {
    // Layers without matrices, such as normalisations, do not count.
    let matrices = zip(paths, tensors).filter { $1.rank >= 2 }.map(\.0.layer)
    return zip(paths, tensors).map { path, tensor in
      OptimizedTensor(
        tensor,
        isHiddenMatrix: tensor.rank >= 2 && path.layer != matrices.first
          && path.layer != matrices.last)
    }
  }
}
