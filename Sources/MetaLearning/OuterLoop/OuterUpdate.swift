import TensorPrograms

/// The outer optimizer's step, compiled once: the inner loop's protocol once more, over whatever is
/// learned.
package struct OuterUpdate: Sendable {
  /// What is learned, and what the optimizer remembers of it.
  private struct Descent: ParameterStructure {
    var learned: Learned
    var state: OptimizerState<Learned>

    mutating func visit(
      _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
    ) rethrows {
      try learned.visit(path / "learned", body)
      try state.visit(path / "state", body)
    }
  }

  private let function:
    CompiledFunction<Descent, Learned, Learned, OptimizerState<Learned>, StepTime>
  private let specification: OuterSpecification
  private let timeType: TensorType
  /// The state before the first step.
  package let initialState: OptimizerState<Learned>

  /// The update of everything in `learned`, whose values do not matter.
  package init(_ specification: OuterSpecification, like learned: Learned) {
    self.specification = specification
    let optimizer = specification.optimizer
    initialState = optimizer.initialState(like: learned)
    let type = TensorType(.scalar, learned.tensors.first?.scalarType ?? .float32)
    timeType = type
    function = compile(
      like: learned, learned, initialState, StepTime(step: .zeros(type), multiplier: .zeros(type))
    ) { learned, gradient, state, time in
      let tensors = learned.tensors
      let chain = specification.clip.map { [$0] } ?? []
      let clipped = chain(
        gradient.tensors, parameters: tensors,
        scalars: ScalarLayout(chain.numbers).values(type.scalar))
      let rate = Tensor([specification.rate], type)
      let (updated, next) = optimizer.update(
        learned, tensors.map { OptimizedTensor($0) },
        gradient: gradient.replacingTensors(clipped), state: state,
        rates: tensors.map { _ in rate },
        scalars: ScalarLayout(optimizer.scalars).values(type.scalar), time: time)
      return Descent(learned: updated, state: next)
    }
  }

  /// What is learned after outer step `step`, counted from 0, and the optimizer's state.
  package func callAsFunction(
    _ learned: Learned, _ gradient: Learned, _ state: OptimizerState<Learned>, step: Int
  ) -> (learned: Learned, state: OptimizerState<Learned>) {
    let multiplier = specification.schedule.multiplier(at: step, of: specification.steps)
    let result = function(
      learned, gradient, state,
      StepTime(step: Tensor([Double(step)], timeType), multiplier: Tensor([multiplier], timeType)))
    return (result.learned, result.state)
  }
}
