import TensorPrograms

/// The outer optimizer's step, compiled once: the inner protocol once more, over whatever is learned.
package struct OuterUpdate: Sendable {
  private let function: CompiledFunction
  private let optimizer: any Optimizer
  private let specification: OuterSpecification
  private let types: [TensorType]

  package init(_ specification: OuterSpecification, _ types: [TensorType]) {
    self.specification = specification
    self.types = types
    let optimizer = specification.optimizer
    self.optimizer = optimizer
    let scalar = types.first?.scalar ?? .float32
    let one = TensorType(.scalar, scalar)
    let states = optimizer.initialState(types).tensors.map(\.type)
    function = compile(types + types + states + [one, one]) { values in
      let count = types.count
      let parameters = Array(values.prefix(count))
      let chain = specification.clip.map { [$0] } ?? []
      let gradients = chain(
        Array(values[count..<2 * count]), parameters: parameters,
        scalars: ScalarLayout(chain.numbers).values(scalar))
      let (updated, state) = optimizer.update(
        parameters.map { OptimizedTensor($0) }, gradients: gradients,
        state: OptimizerState(
          tensors: Array(values[(2 * count)..<(values.count - 2)]),
          slots: optimizer.slotNames.count),
        rates: types.map { _ in Tensor([specification.rate], one) },
        scalars: ScalarLayout(optimizer.scalars).values(scalar),
        step: values[values.count - 2], multiplier: values[values.count - 1])
      return updated + state.tensors
    }
  }

  package var initialState: OptimizerState { optimizer.initialState(types) }

  package func callAsFunction(
    _ parameters: [Tensor], _ gradients: [Tensor], _ state: OptimizerState, step: Int
  ) -> ([Tensor], OptimizerState) {
    let one = TensorType(.scalar, types.first?.scalar ?? .float32)
    let multiplier = specification.schedule.multiplier(at: step, of: specification.steps)
    // One array that grows no further: an outer step of a small problem takes no longer than a few
    // hundred copies of tensors.
    var arguments: [Tensor] = []
    arguments.reserveCapacity(function.inputTypes.count)
    arguments += parameters
    arguments += gradients
    arguments += state.tensors
    arguments.append(Tensor([Double(step)], one))
    arguments.append(Tensor([multiplier], one))
    let results = function(arguments)
    return (
      Array(results.prefix(types.count)),
      OptimizerState(
        tensors: Array(results.dropFirst(types.count)), slots: optimizer.slotNames.count)
    )
  }
}
