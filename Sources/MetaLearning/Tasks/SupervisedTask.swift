import TensorPrograms

/// A table of examples learned by a model: the digits, or a user's own arrays.
///
/// A `RowDivision` says which rows are for what: test rows are seen by the evaluation of test runs alone.
/// Each run cuts the others anew into rows to train on and rows to be evaluated on, so that rates are
/// learned for the problem rather than for a few validation rows; all runs are evaluated on equally many.
public struct SupervisedTask<Model: SupervisedModel>: LearningTask {
  /// Inputs [rows, …] as the model takes them, numbers or int32 tokens, and targets: int32 classes [rows], or numbers
  /// [rows, outputs]; and weights [rows] or [rows, outputs], where examples do not count the same.
  public let dataset: [Tensor]
  /// What is minimized.
  public let loss: LossFunction
  /// Which rows are for what.
  public let division: RowDivision
  /// What there is to say of the data.
  public let notes: [String]
  /// The type that weights and losses are computed in.
  public let scalarType: ScalarType
  /// How trained weights are evaluated.
  public let evaluation: EvaluationSpecification
  private let drawModel: @Sendable (inout RandomStream) -> Model
  /// A model that only says what its passes draw.
  private let template: Model

  /// A task over a table.
  ///
  /// - Parameters:
  ///   - inputs: [rows, …] as the model takes them.
  ///   - targets: int32 classes [rows], or numbers [rows, outputs].
  ///   - weights: what each row counts, [rows] or [rows, outputs]; nil where all count the same.
  ///   - loss: what is minimized.
  ///   - division: which rows are for what.
  ///   - notes: what there is to say of the data.
  ///   - scalarType: the type of weights; the inputs' own unless these are tokens.
  ///   - evaluation: how trained weights are evaluated.
  ///   - model: draws a model with fresh weights in that type.
  public init(
    inputs: Tensor, targets: Tensor, weights: Tensor? = nil, loss: LossFunction,
    division: RowDivision, notes: [String] = [], scalarType: ScalarType? = nil,
    evaluation: EvaluationSpecification = EvaluationSpecification(),
    model: @escaping @Sendable (inout RandomStream) -> Model
  ) {
    dataset = [inputs, targets] + [weights].compactMap { $0 }
    drawModel = model
    var stream = RandomStream(seed: 0, purpose: "template")
    template = model(&stream)
    self.loss = loss
    self.division = division
    self.notes = notes
    self.evaluation = evaluation
    self.scalarType = scalarType ?? inputs.scalarType
    precondition(self.scalarType.isFloatingPoint, "weights in \(self.scalarType)")
  }

  /// A task over a table; `validation` and `test` are fractions of its rows, of which at least one must
  /// be left to train on and one to be evaluated on.
  public init(
    inputs: Tensor, targets: Tensor, loss: LossFunction, validation: Double, test: Double,
    splitSeed: UInt64 = 0, evaluation: EvaluationSpecification = EvaluationSpecification(),
    model: @escaping @Sendable (inout RandomStream) -> Model
  ) {
    let rows = inputs.shape[0]
    guard
      let division = RowDivision(
        of: (0..<rows).map(Int32.init), validation: .fraction(validation), test: .fraction(test),
        seed: splitSeed)
    else {
      preconditionFailure(
        "a table of \(rows) rows, of which test \(test) leaves fewer than one to train on and one to be "
          + "evaluated on")
    }
    self.init(
      inputs: inputs, targets: targets, loss: loss, division: division,
      evaluation: evaluation, model: model)
  }

  /// A model with fresh weights.
  public func initialParameters(from stream: inout RandomStream) -> Model { drawModel(&stream) }

  /// Training rows in random order, epoch after epoch; all rows kept from training, or all test
  /// rows, to be evaluated on.
  public func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows) {
    var stream = request.stream
    let (evaluated, training) = division.cut(from: &stream)
    var rows = ShuffledRows(training)
    for _ in 0..<request.start * request.batch { _ = rows.next(from: &stream) }
    episode.addSteps(TensorType([request.batch], .int32)) { _ in
      Double(rows.next(from: &stream))
    }
    template.draw(request, batch: request.batch, scalarType, into: &episode)
    episode.addEvaluation(Tensor(request.role == .test ? division.test : evaluated))
  }

  /// The mean loss of the rows of one batch.
  public func trainingLoss(
    _ parameters: inout Model, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor {
    loss(
      parameters.trained(on: dataset[0].gather(batch[0]), batch), dataset[1].gather(batch[0]),
      weights: weights(dataset, batch))
  }

  /// The mean loss of the rows that are evaluated, by a model that is not being trained.
  public func evaluationLoss(
    _ parameters: Model, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor {
    evaluation.mean(over: batch[0], in: scalarType, counting: total(dataset)) { rows in
      loss(
        parameters(dataset[0].gather(rows)), dataset[1].gather(rows),
        weights: weights(dataset, [rows]))
    }
  }

  /// The fraction of right answers.
  public func accuracy(
    _ parameters: Model, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor? {
    guard loss.hasAccuracy else { return nil }
    return evaluation.mean(over: batch[0], in: scalarType, counting: count(dataset)) { rows in
      let right = loss.accuracy(
        parameters(dataset[0].gather(rows)), dataset[1].gather(rows),
        weights: weights(dataset, [rows]))
      return right ?? .zeros(TensorType(.scalar, scalarType))
    }
  }

  /// The rows of the batch, where these are numbers.
  public func inputs(dataset: [Tensor], batch: [Tensor]) -> Tensor? {
    dataset[0].scalarType.isFloatingPoint ? dataset[0].gather(batch[0]) : nil
  }

  /// What the rows of a batch count.
  private func weights(_ dataset: [Tensor], _ batch: [Tensor]) -> Tensor? {
    dataset.count > 2 ? dataset[2].gather(batch[0]) : nil
  }

  /// What rows count together; nil where all count the same.
  private func total(_ dataset: [Tensor]) -> ((Tensor) -> Tensor)? {
    dataset.count > 2 ? { dataset[2].gather($0).sum() } : nil
  }

  /// How many of rows count at all; nil where all do.
  private func count(_ dataset: [Tensor]) -> ((Tensor) -> Tensor)? {
    dataset.count > 2 ? { (dataset[2].gather($0) .> 0).sum() } : nil
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
