import TensorPrograms

/// A table of examples learned by a model: the digits, or a user's own arrays.
///
/// The table is cut once, at random: test rows are seen by the evaluation of test runs alone, the
/// rest is a pool. Each run cuts the pool anew into rows to train on and rows to be evaluated on,
/// so that rates are learned for the problem rather than for a few validation rows; all runs train
/// on equally many. The first cut depends on the seed of the table alone, so that an experiment's
/// runs share it.
public struct SupervisedTask<Model: SupervisedModel>: LearningTask {
  /// Inputs [rows, …] as the model takes them, numbers or int32 tokens, and targets: int32 classes
  /// [rows], or numbers [rows, outputs].
  public let dataset: [Tensor]
  /// The type that weights and losses are computed in.
  public let scalarType: ScalarType
  /// What is minimized.
  public let loss: LossFunction
  /// Rows that runs train on and, except for test runs, are evaluated on.
  public let pool: [Int32]
  /// Rows for what is reported.
  public let test: [Int32]
  /// Rows of the pool that a run keeps from training, to be evaluated on.
  public let validationCount: Int
  /// How trained weights are evaluated.
  public let evaluation: EvaluationSpecification
  private let drawModel: @Sendable (inout RandomStream) -> Model
  /// A model that only says what its passes draw.
  private let template: Model

  /// A task over a table; `validation` and `test` are fractions of its rows, and `model` draws a
  /// model with fresh weights in a type: the inputs' own unless these are tokens.
  public init(
    inputs: Tensor, targets: Tensor, loss: LossFunction, validation: Double, test: Double,
    splitSeed: UInt64 = 0, scalarType: ScalarType? = nil,
    evaluation: EvaluationSpecification = EvaluationSpecification(),
    model: @escaping @Sendable (inout RandomStream) -> Model
  ) {
    let rows = inputs.shape[0]
    dataset = [inputs, targets]
    self.scalarType = scalarType ?? inputs.scalarType
    precondition(self.scalarType.isFloatingPoint, "weights in \(self.scalarType)")
    drawModel = model
    var weights = RandomStream(seed: 0, purpose: "template")
    template = model(&weights)
    (self.loss, self.evaluation) = (loss, evaluation)
    var stream = RandomStream(seed: splitSeed, purpose: "data split")
    let order = stream.permutation(rows).map { Int32($0) }
    let testCount = Int((test * Double(rows)).rounded())
    self.test = Array(order.prefix(testCount))
    pool = Array(order.dropFirst(testCount))
    precondition(
      pool.count >= 2,
      "a table of \(rows) rows, of which \(testCount) are for the test, leaves \(pool.count): expected "
        + "one to train on and one to be evaluated on at least")
    // Fractions are of the whole table; at least one row is left to train on and one to evaluate
    // on.
    validationCount = min(max(1, Int((validation * Double(rows)).rounded())), pool.count - 1)
  }

  /// A model with fresh weights.
  public func initialParameters(from stream: inout RandomStream) -> Model { drawModel(&stream) }

  /// Training rows in random order, epoch after epoch; all rows kept from training, or all test
  /// rows, to be evaluated on.
  public func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows) {
    var stream = request.stream
    let order = stream.permutation(pool.count).map { pool[$0] }
    var rows = ShuffledRows(Array(order.dropFirst(validationCount)))
    for _ in 0..<request.start * request.batch { _ = rows.next(from: &stream) }
    episode.addSteps(TensorType([request.batch], .int32)) { _ in
      Double(rows.next(from: &stream))
    }
    template.draw(request, batch: request.batch, scalarType, into: &episode)
    episode.addEvaluation(
      Tensor(request.role == .test ? test : Array(order.prefix(validationCount))))
  }

  /// The mean loss of the rows of one batch.
  public func trainingLoss(
    _ parameters: inout Model, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor {
    loss(parameters.trained(on: dataset[0].gather(batch[0]), batch), dataset[1].gather(batch[0]))
  }

  /// The mean loss of the rows that are evaluated, by a model that is not being trained.
  public func evaluationLoss(
    _ parameters: Model, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor {
    evaluation.mean(over: batch[0], in: scalarType) { rows in
      loss(parameters(dataset[0].gather(rows)), dataset[1].gather(rows))
    }
  }

  /// The fraction of rows whose class is right.
  public func accuracy(
    _ parameters: Model, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor? {
    guard loss.hasAccuracy else { return nil }
    return evaluation.mean(over: batch[0], in: scalarType) { rows in
      loss.accuracy(parameters(dataset[0].gather(rows)), dataset[1].gather(rows))
    }
  }

  /// The rows of the batch, where these are numbers.
  public func inputs(dataset: [Tensor], batch: [Tensor]) -> Tensor? {
    dataset[0].scalarType.isFloatingPoint ? dataset[0].gather(batch[0]) : nil
  }
}

/// Rows in random order, epoch after epoch, for ever.
private struct ShuffledRows {
  private let rows: [Int32]
  private var epoch: [Int] = []
  private var seen = 0

  init(_ rows: [Int32]) { self.rows = rows }

  mutating func next(from stream: inout RandomStream) -> Int32 {
    if seen == epoch.count { (epoch, seen) = (stream.permutation(rows.count), 0) }
    defer { seen += 1 }
    return rows[epoch[seen]]
  }
}

extension SupervisedTask<MultilayerPerceptron> {
  /// A table of inputs [rows, features] learned by a multilayer perceptron; without hidden layers,
  /// by a linear or logistic regression.
  public init(
    inputs: Tensor, targets: Tensor, hidden: [Int], outputs: Int, activation: Activation,
    normalization: Normalization = .none, loss: LossFunction, validation: Double, test: Double,
    splitSeed: UInt64 = 0
  ) {
    let (sizes, scalar) = ([inputs.shape[1]] + hidden + [outputs], inputs.scalarType)
    self.init(
      inputs: inputs, targets: targets, loss: loss, validation: validation, test: test,
      splitSeed: splitSeed
    ) { stream in
      MultilayerPerceptron(
        sizes: sizes, activation: activation, normalization: normalization, from: &stream, scalar)
    }
  }
}
