import ArrayFiles
import Files
import MetaLearning
import TensorPrograms

/// One training run as arrays: what its steps are fed, the weights that it starts from and those that it
/// comes to, so that others can train the same.
///
///     dataset/0, dataset/1, …   what all runs read; of a table inputs, targets and weights of rows
///     steps/0, …                [steps, …] what each step reads; of a table rows of the dataset
///     evaluation/0, …           what the run is evaluated on; of a table rows
///     initial/PATH, final/PATH  weights before the first step and after the last
///     state/PATH                what the model keeps beside weights, after the last
///     training_loss             [steps] of each step's batch, before the step
///     evaluation_loss           after the last step
package struct KeptRun: Sendable {
  private let tensors: [(name: String, tensor: Tensor)]

  /// The first of some runs, which came to their ends.
  init<Task: LearningTask>(
    _ problem: InnerProblem<Task>, _ runs: EpisodeBatch, at point: Hyperparameters,
    end: Evaluation
  ) {
    let model = problem.model(end.state.mapTensors { $0[0] })
    var initial = point.initialWeights
    if case .weights(let weights) = runs.start { initial = weights.map { $0[0] } }
    func numbered(_ name: String, _ tensors: [Tensor]) -> [(String, Tensor)] {
      tensors.enumerated().map { ("\(name)/\($0)", $1) }
    }
    func named(_ group: String, _ paths: [ParameterPath], _ tensors: [Tensor]) -> [(String, Tensor)]
    {
      zip(paths, tensors).map { ("\(group)/\($0)", $1) }
    }
    tensors =
      numbered("dataset", problem.task.dataset)
      + numbered("steps", runs.episode.steps.map { $0[0] })
      + numbered("evaluation", runs.episode.evaluation.map { $0[0] })
      + named("initial", problem.parameters.paths, initial)
      + named("final", problem.parameters.paths, model.tensors)
      + named("state", model.state.paths, model.state.tensors)
      + [
        ("training_loss", end.trainingLosses[0]),
        ("evaluation_loss", Tensor([end.losses[0]], TensorType(.scalar, .float64))),
      ]
  }

  /// Writes them as .npz.
  package func write(to path: String) throws {
    let arrays = Dictionary(
      uniqueKeysWithValues: tensors.map { ($0.name, NumberArray($0.tensor)) })
    try AtomicFile.write(try NPZ.encode(arrays), to: path)
  }
}
