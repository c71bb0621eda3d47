import Synchronization
import TensorPrograms

/// The outer optimizer's step, compiled once: the inner loop's protocol once more, over whatever is
/// learned. What lies between a hypergradient and the step is compiled with it: the way back to
/// unconstrained numbers, and clipping.
package final class OuterUpdate: Sendable {
  /// What an update leaves.
  package struct Result: ParameterStructure {
    /// What is learned after it.
    package var learned: Learned
    /// What the optimizer remembers.
    package var state: OptimizerState<Learned>
    /// The hypergradient with respect to the numbers behind the scalars, before clipping; with
    /// respect to the rest it is as it came.
    package var scalarGradient: [Tensor]

    /// What is learned, state, scalars.
    package mutating func visit(
      _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
    ) rethrows {
      try learned.visit(path / "learned", body)
      try state.visit(path / "state", body)
      try scalarGradient.visit(path / "scalar_gradient", body)
    }
  }

  private let function:
    CompiledFunction<Result, Learned, Hyperparameters, OptimizerState<Learned>, StepTime>
  private let specification: OuterSpecification
  private let timeType: TensorType
  /// Results of the last two updates: those of the older one are written anew where nobody has kept
  /// them, so that what is learned and remembered stays in the same memory.
  private let kept = Mutex<(older: [Tensor], newer: [Tensor])>(([], []))
  /// The state before the first step.
  package let initialState: OptimizerState<Learned>

  /// The update of everything in `learned`, whose values do not matter.
  package init<Task: LearningTask>(
    _ specification: OuterSpecification, _ problem: InnerProblem<Task>, like learned: Learned
  ) {
    self.specification = specification
    let optimizer = specification.optimizer
    initialState = optimizer.initialState(like: learned)
    let type = TensorType(.scalar, learned.tensors.first?.scalarType ?? .float32)
    timeType = type
    function = compile(
      like: learned,
      Hyperparameters(
        rates: learned.rates, initialWeights: learned.initialWeights, scalars: learned.scalars),
      initialState, StepTime(step: .zeros(type), multiplier: .zeros(type))
    ) { learned, hypergradient, state, time in
      let gradient = problem.pullback(hypergradient, at: learned)
      let tensors = learned.tensors
      let terms = OuterTerms(learned.rates.isEmpty ? nil : problem.rates)
      let clipped = terms.clipped(gradient.tensors, parameters: tensors, by: specification.clip)
      let rate = Tensor([specification.rate], type)
      let (updated, next) = optimizer.update(
        learned, tensors.map { OptimizedTensor($0) },
        gradient: gradient.replacingTensors(clipped), state: state,
        rates: tensors.indices.map { terms.rate(rate, of: $0) },
        scalars: ScalarLayout(optimizer.scalars).values(type.scalar), time: time)
      var result = Result(learned: updated, state: next, scalarGradient: gradient.scalars)
      result.learned.rates = terms.held(
        updated.rates, before: learned.rates, rate: rate * time.multiplier)
      return result
    }
  }

  /// The update of outer step `step`, counted from 0, by the hypergradient of what is learned.
  package func callAsFunction(
    _ learned: Learned, _ hypergradient: Hyperparameters, _ state: OptimizerState<Learned>,
    step: Int
  ) -> Result {
    let multiplier = specification.schedule.multiplier(at: step, of: specification.steps)
    // Lists of tensors are put together and taken apart here: visits of structures take as long as
    // the update of small models.
    var arguments: [Tensor] = []
    arguments.reserveCapacity(function.program.inputTypes.count)
    func add(_ parts: some LearnableParts) {
      arguments += parts.rates
      arguments += parts.initialWeights
      arguments += parts.scalars
    }
    add(learned)
    add(hypergradient)
    for slot in state.slots { add(slot.value) }
    arguments.append(Tensor([Double(step)], timeType))
    arguments.append(Tensor([multiplier], timeType))
    let older = kept.withLock { kept in
      let older = kept.older
      kept.older = []
      return older
    }
    let whole = function.program(arguments, into: older)
    kept.withLock { $0 = ($0.newer, whole) }
    var results = whole[...]
    func take(_ count: Int) -> [Tensor] {
      defer { results = results.dropFirst(count) }
      return Array(results.prefix(count))
    }
    func takeLearned() -> Learned {
      Learned(
        rates: take(learned.rates.count), initialWeights: take(learned.initialWeights.count),
        scalars: take(learned.scalars.count))
    }
    return Result(
      learned: takeLearned(),
      state: OptimizerState(state.slots.map { .init($0.name, takeLearned()) }),
      scalarGradient: Array(results))
  }
}
