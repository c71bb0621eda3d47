import TensorPrograms

/// The hypergradient of each run by itself, with respect to one constant number per parameter that is
/// added to the logarithm of its rates: compiled for batches of one form.
///
/// Relative changes are comparable between parameters of whatever rate.
public final class RunwiseHypergradient<Task: LearningTask>: Sendable {
  private let function: CompiledFunction<[Tensor], BatchArguments>
  private let problem: InnerProblem<Task>

  /// Compiles for batches like the given one.
  ///
  /// - Parameters:
  ///   - problem: what is differentiated.
  ///   - batch: a batch of the form that it is compiled for.
  ///   - averagingOrbits: whether rates are their orbits' means, so that exchanging units leaves them
  ///     what they are.
  public init(_ problem: InnerProblem<Task>, like batch: EpisodeBatch, averagingOrbits: Bool) {
    // Rates of one parameter and row of time each.
    let free = problem.with(
      RateSpecification(
        granularity: .parameter, time: problem.rates.time, parameterization: .direct))
    let orbits = averagingOrbits ? OrbitMeans(problem.rates) : nil
    self.problem = problem
    function = compile(like: .example(problem, batch)) { arguments in
      let expanded = problem.rates.expanded(arguments.hyperparameters.rates)
      let rates = orbits?(expanded, isTimed: problem.rates.timeRows != nil) ?? expanded
      let zeros = problem.parameters.types.map { Tensor.zeros($0) }
      return arguments.map { run in
        gradient(at: zeros) { shifts in
          var point = run.hyperparameters
          point.rates = zip(rates, shifts).map { $0 * (1 + $1) }
          return free.outcome(run.at(point)).objective
        }
      }
    }
  }

  /// [runs, …] for each parameter tensor.
  public func callAsFunction(_ batch: EpisodeBatch, at point: Hyperparameters) -> [Tensor] {
    function(BatchArguments(problem, batch, at: point))
  }
}

/// Means over the orbits of a model's parameters.
struct OrbitMeans {
  private let tensors: [(orbits: Orbits, shape: Shape)]

  init(_ layout: RateLayout) {
    tensors = layout.parameters.shapes.indices.map { index in
      let shape = layout.parameters.shapes[index]
      return (Orbits(of: shape, layout.parameters.axes[index], layout.symmetry), shape)
    }
  }

  /// Tensors in the parameters' shapes, or behind a time axis, whose orbits have their mean.
  func callAsFunction(_ values: [Tensor], isTimed: Bool) -> [Tensor] {
    zip(values, tensors).map { tensor, own in
      let orbits = Tensor(own.orbits.ofParameters)
      var sizes = [Double](repeating: 0, count: own.orbits.count)
      for orbit in own.orbits.ofParameters { sizes[Int(orbit)] += 1 }
      func means(_ row: Tensor) -> Tensor {
        let sums = row.reshaped(to: [own.shape.count]).sums(over: orbits, count: own.orbits.count)
        return (sums / Tensor(sizes, sums.type)).gather(orbits).reshaped(to: own.shape)
      }
      return isTimed ? vmap(over: tensor) { means($0) } : means(tensor)
    }
  }
}
