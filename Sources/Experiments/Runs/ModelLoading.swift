import MetaLearning
import TensorPrograms

extension ModelConfiguration {
  /// The perceptron that the model is; nil for one of another kind.
  var perceptron: (hidden: [Int], activation: Activation, normalization: Normalization)? {
    switch self {
    case .mlp(let hidden, let activation, let normalization): (hidden, activation, normalization)
    case .linearRegression, .logisticRegression: ([], .tanh, .none)
    case .convolutional: nil
    }
  }

  /// The task of learning a table with this model.
  ///
  /// - Throws: `DataError` where a convolutional model is given no images, or too small ones, and
  ///   where the table has too few rows to be divided.
  func task(
    _ table: ExampleTable, loss: LossFunction, split: TableSplit
  ) throws(DataError) -> any LearningTask {
    try split.check(table)
    let (validation, test) = (split.validation, split.test)
    switch self {
    case .mlp, .linearRegression, .logisticRegression:
      let (hidden, activation, normalization) = perceptron!
      return SupervisedTask(
        inputs: table.features, targets: table.targets, hidden: hidden, outputs: table.outputs,
        activation: activation, normalization: normalization, loss: loss, validation: validation,
        test: test)
    case .convolutional(let filters, let activation):
      let images = try table.images(halvings: filters.count)
      let (shape, outputs) = (images.shape, table.outputs)
      return SupervisedTask(
        inputs: images, targets: table.targets, loss: loss, validation: validation, test: test
      ) { stream in
        ConvolutionalNetwork(
          height: shape[1], width: shape[2], channels: shape[3], filters: filters,
          outputs: outputs, activation: activation, from: &stream, images.scalarType)
      }
    }
  }
}
