import TensorPrograms

/// The hypergradient by reverse mode through the whole unroll: exact, unless some of it is taken for
/// constant.
///
/// Every run is differentiated inside the loop over runs, so that memory is that of the runs at
/// work, not of all. A memory limit is planned here, if it has not been: one that no policy can keep
/// ends the process, so ask `InnerProblem.planned(for:)` first.
public final class ReverseHypergradient<Task: LearningTask>: CompiledHypergradient {
  private let function: CompiledFunction
  private let problem: InnerProblem<Task>
  private let form: BatchForm
  private let targets: Set<LearnTarget>
  private let states: Int

  /// Compiles for batches like the given one.
  ///
  /// - Parameters:
  ///   - problem: what is differentiated.
  ///   - batch: a batch of the form that it is compiled for.
  ///   - treatment: what the sweep takes for constants.
  ///   - targets: with respect to what; gradients with respect to anything else come empty and cost
  ///     nothing.
  ///   - keepsState: whether results have the state after the last step.
  public init(
    _ problem: InnerProblem<Task>, like batch: EpisodeBatch,
    treatment: ReverseTreatment = ReverseTreatment(),
    targets: Set<LearnTarget> = Set(LearnTarget.allCases), keepsState: Bool = false
  ) {
    let problem = problem.plannedOrEnded {
      ReverseHypergradient(
        $0, like: batch, treatment: treatment, targets: targets, keepsState: keepsState
      ).compiled
    }
    self.problem = problem
    let states = keepsState ? problem.state(problem.template.tensors).count : 0
    self.states = states
    let form = BatchForm(problem, batch)
    self.form = form
    self.targets = targets
    function = compile(form.types) { values in
      let v = form.split(values)
      let stacked = 2 + states
      let point = form.point(v, targets)
      let results = Tensor.map(
        slices: v.slices, length: form.runs,
        outputs: [MapOutput](repeating: .stacked, count: stacked)
          + point.map { _ in .summed }
      ) { rows in
        let run = form.run(v, rows)
        let (values, gradient) = valuesAndGradient(at: point) { point in
          let outcome = problem.outcome(form.run(run, at: point, targets), treatment: treatment)
          return [outcome.objective, outcome.trainingLosses] + outcome.state.prefix(states)
        }
        return values + gradient
      }
      return results.enumerated().map { position, result in
        position < stacked ? result : result * (1 / Double(form.runs))
      }
    }
  }

  /// What the reverse sweep keeps: the problem's policy, or the one that keeps its limit.
  public var memory: MemorySpecification { problem.memory }

  /// The program.
  public var compiled: CompiledFunction { function }

  /// The program's arguments.
  public func arguments(_ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]) -> [Tensor] {
    BatchForm.arguments(problem, batch, raw: raw, scalars: scalars)
  }

  /// The hypergradient at the given rates and scalars.
  public func callAsFunction(
    _ batch: EpisodeBatch, raw: [Tensor], scalars: [Tensor]
  ) -> Hypergradient {
    var results = ArraySlice(function(arguments(batch, raw: raw, scalars: scalars)))
    func take(_ count: Int) -> [Tensor] {
      defer { results = results.dropFirst(count) }
      return Array(results.prefix(count))
    }
    let objectives = take(1)[0].doubles
    let losses = take(1)[0]
    let state = take(states)
    let gradients = form.split(point: Array(results), targets)
    return Hypergradient(
      objective: objectives.reduce(0, +) / Double(objectives.count), objectives: objectives,
      trainingLosses: losses, rates: gradients.raw, initial: gradients.initial,
      scalars: gradients.scalars, state: state)
  }
}
