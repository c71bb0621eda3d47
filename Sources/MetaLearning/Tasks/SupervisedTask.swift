import TensorPrograms

/// A table of examples cut at random into training, validation and test rows, learned by a
/// multilayer perceptron: the digits, or a user's own arrays.
///
/// Training runs train on training rows. Rates are learned and chosen on validation rows; what is
/// reported is measured on test rows, which nothing else sees. The cut depends on the seed of the
/// table alone, so that all runs of an experiment share it.
public struct SupervisedTask: LearningTask {
  /// Inputs [rows, features] and targets: int32 classes [rows], or numbers [rows, outputs].
  public let dataset: [Tensor]
  /// Units from inputs to outputs.
  public let sizes: [Int]
  /// The network's activation.
  public let activation: Activation
  /// What is minimised.
  public let loss: LossFunction
  /// Row indices of each part.
  public let training: [Int32]
  /// Rows for learning and choosing.
  public let validation: [Int32]
  /// Rows for what is reported.
  public let test: [Int32]

  /// A task over a table; `validation` and `test` are fractions of its rows.
  public init(
    inputs: Tensor, targets: Tensor, hidden: [Int], outputs: Int, activation: Activation,
    loss: LossFunction, validation: Double, test: Double, splitSeed: UInt64 = 0
  ) {
    let rows = inputs.shape[0]
    dataset = [inputs, targets]
    sizes = [inputs.shape[1]] + hidden + [outputs]
    self.activation = activation
    self.loss = loss
    var stream = RandomStream(seed: splitSeed, purpose: "data split")
    let order = stream.permutation(rows).map { Int32($0) }
    let validationCount = Int((validation * Double(rows)).rounded())
    let testCount = Int((test * Double(rows)).rounded())
    self.validation = Array(order.prefix(validationCount))
    self.test = Array(order.dropFirst(validationCount).prefix(testCount))
    training = Array(order.dropFirst(validationCount + testCount))
  }

  /// The inputs' type.
  public var scalarType: ScalarType { dataset[0].scalarType }

  /// Normal weights of variance 1/inputs, zero biases.
  public func initialParameters(from stream: inout RandomStream) -> MultilayerPerceptron {
    MultilayerPerceptron(sizes: sizes, activation: activation, from: &stream, scalarType)
  }

  /// Training rows in random order, epoch after epoch; all validation or test rows to judge on.
  public func episode(_ request: EpisodeRequest) -> Episode {
    var stream = request.stream
    var indices: [Int32] = []
    let needed = request.steps * request.batch
    while indices.count < needed {
      indices += stream.permutation(training.count).map { training[$0] }
    }
    let steps = Tensor(
      Array(indices.prefix(needed)), shape: [request.steps, request.batch])
    return Episode(
      steps: [steps], evaluation: [Tensor(request.role == .test ? test : validation)])
  }

  /// The mean loss of the rows of one batch.
  public func trainingLoss(
    _ parameters: MultilayerPerceptron, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor {
    let (outputs, targets) = predictions(parameters, dataset, batch)
    return loss(outputs, targets)
  }

  /// The fraction of rows whose class is right.
  public func accuracy(
    _ parameters: MultilayerPerceptron, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor? {
    let (outputs, targets) = predictions(parameters, dataset, batch)
    return loss.accuracy(outputs, targets)
  }

  private func predictions(
    _ parameters: MultilayerPerceptron, _ dataset: [Tensor], _ batch: [Tensor]
  ) -> (Tensor, Tensor) {
    (parameters(dataset[0].gather(batch[0])), dataset[1].gather(batch[0]))
  }
}
