import TensorPrograms

/// Where a task writes the data of one run: a row of each of a batch's tensors.
///
/// Tensors are written in an order of the task's own, the same for all runs, and of the same types.
/// Data from a function go straight to their row:
///
/// ```swift
///     episode.addSteps(type) { sin(Double(request.start + $0)) + noise * stream.normal() }
/// ```
public struct EpisodeRows: Sendable {
  private let stepCount: Int
  private var steps: TensorRow
  private var evaluation: TensorRow

  /// The first of so many runs, of so many steps.
  init(firstOf count: Int, steps stepCount: Int) {
    self.stepCount = stepCount
    steps = TensorRow(firstOf: count)
    evaluation = TensorRow(firstOf: count)
  }

  /// Another run, to be asked of the first once that is written.
  func row(_ index: Int) -> EpisodeRows {
    var rows = self
    rows.steps = steps.row(index)
    rows.evaluation = evaluation.row(index)
    return rows
  }

  /// The same for runs to come, of which none needs to be written before the others.
  var anew: EpisodeRows {
    var rows = self
    rows.steps = steps.anew
    rows.evaluation = evaluation.anew
    return rows
  }

  /// The data of all runs, once they are written.
  var episode: Episode { Episode(steps: steps.tensors, evaluation: evaluation.tensors) }

  /// Adds training data, [steps, …]: row t trains step t.
  public mutating func addSteps(_ tensor: Tensor) { steps.append(tensor) }

  /// Adds training data of the given type at each step. A function gives their elements in order,
  /// step by step, by their position in [steps, …].
  public mutating func addSteps(_ type: TensorType, _ element: (Int) -> Double) {
    steps.append(leading: stepCount, type, isRepeated: false, element)
  }

  /// Adds training data of the given type that are the same at each step. A function gives their
  /// elements in order and once, by their position.
  public mutating func addSameSteps(_ type: TensorType, _ element: (Int) -> Double) {
    steps.append(leading: stepCount, type, isRepeated: true, element)
  }

  /// Adds data that the trained weights are evaluated on.
  public mutating func addEvaluation(_ tensor: Tensor) { evaluation.append(tensor) }

  /// Adds data of the given type that the trained weights are evaluated on. A function gives their
  /// elements in order, by their position.
  public mutating func addEvaluation(_ type: TensorType, _ element: (Int) -> Double) {
    evaluation.append(leading: nil, type, isRepeated: false, element)
  }

  /// Says that all data of the run are written.
  func finish() {
    steps.finish()
    evaluation.finish()
  }
}

extension LearningTask {
  /// The data of one run.
  public func episode(_ request: EpisodeRequest) -> Episode {
    var rows = EpisodeRows(firstOf: 1, steps: request.steps)
    draw(request, into: &rows)
    return rows.episode.mapTensors { $0.reshaped(to: $0.shape.dropFirst) }
  }
}
