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
    /// The mean factor that each tensor of rates was shrunk by; none where nothing shrinks them.
    package var signal: [Tensor] = []

    /// What is learned, state, scalars, signal.
    package mutating func visit(
      _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
    ) rethrows {
      try learned.visit(path / "learned", body)
      try state.visit(path / "state", body)
      try scalarGradient.visit(path / "scalar_gradient", body)
      try signal.visit(path / "signal", body)
    }
  }

  private let function:
    CompiledFunction<
      Result, Learned, Hyperparameters, [Tensor], OptimizerState<Learned>, StepTime, Tensor
    >
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
    let own = optimizer.initialState(like: learned)
    let zeros = learned.mapTensors { .zeros($0.type) }
    initialState = OptimizerState(
      own.slots + specification.slotNames.dropFirst(own.slots.count).map { .init($0, zeros) })
    let type = TensorType(.scalar, learned.tensors.first?.scalarType ?? .float32)
    timeType = type
    function = compile(
      like: learned,
      Hyperparameters(
        rates: learned.rates, initialWeights: learned.initialWeights, scalars: learned.scalars),
      specification.shrinkage == nil ? [] : zeros.rates, initialState,
      StepTime(step: .zeros(type), multiplier: .zeros(type)), Tensor.zeros(type)
    ) { learned, hypergradient, squares, state, time, learning in
      let gradient = problem.pullback(hypergradient, at: learned)
      let tensors = learned.tensors
      let terms = OuterTerms(learned.rates.isEmpty ? nil : problem.rates)
      var possible = gradient
      possible.rates = terms.possible(gradient.rates)
      let clipped = terms.clipped(possible.tensors, parameters: tensors, by: specification.clip)
      let rate = Tensor([specification.rate], type)
      let (updated, next) = optimizer.update(
        learned, tensors.map { OptimizedTensor($0) },
        gradient: gradient.replacingTensors(clipped),
        state: OptimizerState(Array(state.slots.prefix(own.slots.count))),
        rates: tensors.indices.map { terms.rate(rate, of: $0) },
        scalars: ScalarLayout(optimizer.scalars).values(type.scalar), time: time)
      var result = Result(learned: updated, state: next, scalarGradient: gradient.scalars)
      if let shrinkage = specification.shrinkage {
        let names = SignalShrinkage.slotNames
        var (mean, variance) = (state[names[0]], state[names[1]])
        for index in learned.rates.indices {
          let (factor, averages) = shrinkage.factor(
            mean: gradient.rates[index], possible: possible.rates[index], square: squares[index],
            runs: specification.tasks, averages: (mean.rates[index], variance.rates[index]),
            step: learning)
          (mean.rates[index], variance.rates[index]) = averages
          let before = learned.rates[index]
          result.learned.rates[index] = before + factor * (result.learned.rates[index] - before)
          result.signal.append(factor.mean())
        }
        result.state.slots += zip(names, [mean, variance]).map { .init($0, $1) }
      }
      result.learned.rates = terms.held(
        result.learned.rates, before: learned.rates, rate: rate * time.multiplier)
      if let average = specification.average {
        let mean = state[OuterAverage.slotName].mapTensors(with: result.learned) {
          average.decay * $0 + (1 - average.decay) * $1
        }
        result.state.slots.append(.init(OuterAverage.slotName, mean))
      }
      return result
    }
  }

  /// The update of outer step `step`, counted from 0, by the hypergradient of what is learned.
  ///
  /// - Parameters:
  ///   - learned: what is learned before it.
  ///   - hypergradient: the runs' mean.
  ///   - squares: the mean over the runs of the squares of rates' hypergradients, where updates are
  ///     shrunk by signal.
  ///   - state: what is remembered.
  ///   - step: which step it is, for the schedule.
  ///   - start: the step before which nothing is remembered.
  package func callAsFunction(
    _ learned: Learned, _ hypergradient: Hyperparameters, squares: [Tensor] = [],
    _ state: OptimizerState<Learned>, step: Int, since start: Int = 0
  ) -> Result {
    // Each release begins anew, schedules too.
    let multiplier = specification.schedule.multiplier(
      at: step - start, of: specification.steps - start)
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
    arguments += squares
    for slot in state.slots { add(slot.value) }
    arguments.append(Tensor([Double(step - start)], timeType))
    arguments.append(Tensor([multiplier], timeType))
    let learning = step - max(start, specification.frozenSteps)
    arguments.append(Tensor([Double(max(0, learning))], timeType))
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
      scalarGradient: take(learned.scalars.count), signal: Array(results))
  }
}
