import TensorPrograms

/// An optimizer's formula, lifted from one tensor to all tensors of a structure. Every optimizer
/// has this; none replaces it.
extension Optimizer {
  /// Names of the state's slots.
  public var slotNames: [String] {
    slots(like: TensorType(.scalar, .float32)).paths.map(\.description)
  }

  /// The numbers that can be learned, with their values.
  public var scalars: [ScalarLayout.Entry] { Self.learnable.map { $0.entry(self) } }

  /// The state before the first step of parameters like the given ones.
  public func initialState<Parameters: ParameterStructure>(
    like parameters: Parameters
  ) -> OptimizerState<Parameters> {
    let byTensor = parameters.tensors.map { slots(like: $0.type).tensors }
    return OptimizerState(
      slotNames.enumerated().map { slot, name in
        .init(name, parameters.replacingTensors(byTensor.map { $0[slot] }))
      })
  }

  /// One step.
  ///
  /// - Parameters:
  ///   - parameters: the weights.
  ///   - optimized: the parameters' tensors with what optimizers may ask of them.
  ///   - gradient: of the loss, with respect to the parameters.
  ///   - state: what the optimizer remembers of them.
  ///   - rates: one rate per parameter tensor, of its shape or broadcast to it.
  ///   - scalars: the values of `scalars`, in that order.
  ///   - time: how many steps came before, and the schedule's value.
  public func update<Parameters: ParameterStructure>(
    _ parameters: Parameters, _ optimized: [OptimizedTensor], gradient: Parameters,
    state: OptimizerState<Parameters>, rates: [Tensor], scalars: [Tensor], time: StepTime
  ) -> (parameters: Parameters, state: OptimizerState<Parameters>) {
    let (directions, next) = directions(
      gradient, of: optimized, state: state, scalars: scalars, step: time.step)
    let updated = zip(optimized, zip(rates, directions.tensors)).map { parameter, step in
      parameter.value - time.multiplier * step.0 * step.1
    }
    return (parameters.replacingTensors(updated), next)
  }

  /// What a step subtracts from the weights, before schedule and rates: d_t in θ ← θ − s α⊙d.
  ///
  /// - Parameters:
  ///   - gradient: of the loss, with respect to the parameters.
  ///   - optimized: the parameters' tensors with what optimizers may ask of them.
  ///   - state: what the optimizer remembers of them.
  ///   - scalars: the values of `scalars`, in that order.
  ///   - step: how many steps came before, a scalar.
  public func directions<Parameters: ParameterStructure>(
    _ gradient: Parameters, of optimized: [OptimizedTensor], state: OptimizerState<Parameters>,
    scalars: [Tensor], step: Tensor
  ) -> (directions: Parameters, state: OptimizerState<Parameters>) {
    let numbers = Numbers(of: self, scalars)
    let before = state.slots.map(\.value.tensors)
    var after = before
    var directions: [Tensor] = []
    for (index, (tensor, slope)) in zip(optimized, gradient.tensors).enumerated() {
      var slots = slots(like: tensor.value.type).replacingTensors(before.map { $0[index] })
      directions.append(direction(slope, of: tensor, &slots, numbers, step: step))
      for (slot, tensor) in slots.tensors.enumerated() { after[slot][index] = tensor }
    }
    var next = state
    for slot in next.slots.indices {
      next.slots[slot].value = gradient.replacingTensors(after[slot])
    }
    return (gradient.replacingTensors(directions), next)
  }

  /// The stability edge at the values of `scalars`, in that order.
  func stabilityEdge(scalars: [Tensor]) -> Double? { stabilityEdge(Numbers(of: self, scalars)) }
}

extension ParameterLayout {
  /// Weights of this layout, with what optimizers may ask of each tensor.
  public func optimized(_ tensors: [Tensor]) -> [OptimizedTensor] {
    // Layers without matrices, such as normalizations, do not count.
    let matrices = zip(paths, tensors).filter { $1.rank >= 2 }.map(\.0.layer)
    return zip(paths, tensors).map { path, tensor in
      OptimizedTensor(
        tensor,
        isHiddenMatrix: tensor.rank >= 2 && path.layer != matrices.first
          && path.layer != matrices.last)
    }
  }
}
