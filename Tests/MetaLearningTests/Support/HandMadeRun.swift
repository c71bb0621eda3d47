import MetaLearning
import TensorPrograms

/// One training run of a batch, one step after another on tensors with elements: what estimators
/// are held against, without loops, compilation or any code of theirs.
struct HandMadeRun<Task: LearningTask> {
  let problem: InnerProblem<Task>
  let batch: EpisodeBatch
  let run: Int
  let point: Hyperparameters
  /// The states before each step, and the last.
  let states: [TrainingState]

  private var steps: Int { problem.specification.steps }

  init(
    _ problem: InnerProblem<Task>, _ batch: EpisodeBatch, run: Int, at point: Hyperparameters
  ) {
    (self.problem, self.batch, self.run, self.point) = (problem, batch, run, point)
    var states = [
      problem.step.initialState(
        batch.start == nil ? point.initialWeights : batch.initialWeights(ofRun: run))
    ]
    for step in 0..<problem.specification.steps {
      states.append(Self.step(problem, batch, run, step, states[step], point.rates).state)
    }
    self.states = states
  }

  private static func step(
    _ problem: InnerProblem<Task>, _ batch: EpisodeBatch, _ run: Int, _ step: Int,
    _ state: TrainingState, _ unconstrained: [Tensor]
  ) -> (state: TrainingState, loss: Tensor) {
    let (specification, layout) = (problem.specification, problem.rates)
    let type = TensorType(.scalar, problem.task.scalarType)
    return problem.step(
      state,
      rates: layout.effective(
        layout.unconstrained(unconstrained, at: step, of: specification.steps)),
      scalars: problem.scalars, dataset: problem.task.dataset,
      batch: batch.episode.steps.map { $0[run][step] },
      time: StepTime(
        step: Tensor([Double(step)], type),
        multiplier: Tensor(
          [specification.schedule.multiplier(at: step, of: specification.steps)], type)))
  }

  /// The weights before step `step`.
  func weights(_ step: Int) -> [Tensor] { states[step].weights }

  /// s_t d_t: how far step t moved the weights, over the rates that it was taken with.
  func directions(_ step: Int) -> [Tensor] {
    let moves = zip(weights(step), weights(step + 1)).map { $0 - $1 }
    return zip(moves, problem.rates.effective(point.rates)).map { $0 / $1 }
  }

  /// The gradient of the training loss that step `step` would descend at the weights before it.
  func trainingSlope(_ step: Int) -> [Tensor] {
    gradient(at: weights(step)) {
      problem.task.trainingLoss(
        of: problem.template.replacingTensors($0),
        batch: batch.episode.steps.map { $0[run][step] })
    }
  }

  /// The gradient of the evaluation loss at the weights before step `step`, or after the last.
  func evaluationSlope(_ step: Int) -> [Tensor] {
    gradient(at: weights(step)) { judged($0) }
  }

  private func judged(_ weights: [Tensor]) -> Tensor {
    problem.task.evaluationLoss(
      problem.template.replacingTensors(weights), dataset: problem.task.dataset,
      batch: batch.episode.evaluation.map { $0[run] })
  }

  /// How much the evaluation loss after each step counts in the objective.
  var shares: [Double] {
    switch problem.objective {
    case .final: (0..<steps).map { $0 == steps - 1 ? 1 : 0 }
    case .mean: [Double](repeating: 1 / Double(steps), count: steps)
    case .weighted(let weights): weights.map { $0 / weights.reduce(0, +) }
    case .training: [Double](repeating: 0, count: steps)
    }
  }

  /// The objective's gradient with respect to the unconstrained rates through the last steps alone,
  /// what came before them held constant.
  func truncatedGradient(window: Int) -> [Tensor] {
    gradient(at: point.rates) { unconstrained in
      var state = states[steps - window]
      var value = judged(weights(steps)) * 0
      for step in steps - window..<steps {
        let (next, loss) = Self.step(problem, batch, run, step, state, unconstrained)
        state = next
        if problem.objective == .training { value = value + loss * (1 / Double(steps)) }
        if shares[step] != 0 { value = value + shares[step] * judged(next.weights) }
      }
      return value
    }
  }

  /// The gradient with respect to the unconstrained rates of the training losses of some steps,
  /// over all steps.
  func trainingGradient(_ range: Range<Int>) -> [Tensor] {
    gradient(at: point.rates) { unconstrained in
      var state = states[0]
      var value = judged(weights(steps)) * 0
      for step in 0..<range.upperBound {
        let (next, loss) = Self.step(problem, batch, run, step, state, unconstrained)
        state = next
        if range.contains(step) { value = value + loss * (1 / Double(steps)) }
      }
      return value
    }
  }

  /// With respect to the unconstrained rates, from gradients with respect to one rate per
  /// parameter.
  func pulledBack(_ gradients: [Tensor]) -> [Tensor] {
    gradient(at: point.rates) { unconstrained in
      zip(problem.rates.effective(unconstrained), gradients).map { ($0 * $1).sum() }.reduce(nil) {
        sum, term in sum.map { $0 + term } ?? term
      }!
    }
  }
}

/// The mean over a batch's runs of what each comes to.
func meanOverRuns<Task: LearningTask>(
  _ problem: InnerProblem<Task>, _ batch: EpisodeBatch, _ point: Hyperparameters,
  _ estimate: (HandMadeRun<Task>) -> [Tensor]
) -> [Tensor] {
  let runs = (0..<batch.count).map {
    estimate(HandMadeRun(problem, batch, run: $0, at: point))
  }
  return runs[0].indices.map { tensor in
    runs.dropFirst().reduce(runs[0][tensor]) { $0 + $1[tensor] } * (1 / Double(batch.count))
  }
}

/// Σ aᵢ of lists of tensors.
func total(_ terms: [[Tensor]]) -> [Tensor] {
  terms.dropFirst().reduce(terms[0]) { sum, term in zip(sum, term).map { $0 + $1 } }
}

func product(_ a: [Tensor], _ b: [Tensor]) -> [Tensor] { zip(a, b).map { $0 * $1 } }
