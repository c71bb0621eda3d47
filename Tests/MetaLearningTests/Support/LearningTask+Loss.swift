import MetaLearning
import TensorPrograms

extension LearningTask {
  /// The training loss of parameters, whatever the pass changes of their state.
  func trainingLoss(of parameters: Parameters, batch: [Tensor]) -> Tensor {
    var parameters = parameters
    return trainingLoss(&parameters, dataset: dataset, batch: batch)
  }
}
