import TensorPrograms

/// Few-shot classification: each run tells some classes apart that it has a few examples of.
///
/// A run draws its classes from those of its role, numbers them in random order, and draws a few
/// examples of each, all of which every step is trained on, and others that it is evaluated on.
/// Source: Vinyals et al., "Matching networks for one shot learning" (2016).
public struct FewShotTask<Model: SupervisedModel>: LearningTask {
  /// How many classes and examples a run has.
  public struct Size: Sendable, Equatable {
    /// Classes.
    public let ways: Int
    /// Examples of each class to train on.
    public let shots: Int
    /// Examples of each class to be evaluated on.
    public let queries: Int

    /// So many of each.
    public init(ways: Int, shots: Int, queries: Int) {
      (self.ways, self.shots, self.queries) = (ways, shots, queries)
    }

    /// Examples that a class must have.
    public var rows: Int { shots + queries }
  }

  /// Inputs [rows, …] as the model takes them, and the classes of a run's examples, which are the
  /// same in all runs: int32 [ways · shots] to train on and [ways · queries] to be evaluated on.
  public let dataset: [Tensor]
  /// How many classes and examples a run has.
  public let size: Size
  /// The rows of each class, by the role of the runs that may draw it.
  public let classes: [EpisodeRole: [[Int32]]]
  /// What there is to say of the data.
  public let notes: [String]
  /// The type that weights and losses are computed in.
  public let scalarType: ScalarType
  private let drawModel: @Sendable (inout RandomStream) -> Model
  /// A model that only says what its passes draw.
  private let template: Model

  /// A task over examples.
  ///
  /// - Parameters:
  ///   - inputs: [rows, …] as the model takes them.
  ///   - classes: the rows of each class, by the role of the runs that may draw it: at least as
  ///     many classes as a run has, of at least as many rows as it takes, in each role that is
  ///     drawn.
  ///   - size: how many classes and examples a run has.
  ///   - notes: what there is to say of the data.
  ///   - model: draws a model with fresh weights, in the type of the inputs.
  public init(
    inputs: Tensor, classes: [EpisodeRole: [[Int32]]], size: Size, notes: [String] = [],
    model: @escaping @Sendable (inout RandomStream) -> Model
  ) {
    for (role, classes) in classes where !classes.isEmpty {
      precondition(
        classes.count >= size.ways && classes.allSatisfy { $0.count >= size.rows },
        "classes of \(role) runs that are too few or too small for \(size)")
    }
    func labels(_ count: Int) -> Tensor {
      Tensor((0..<size.ways * count).map { Int32($0 / count) })
    }
    dataset = [inputs, labels(size.shots), labels(size.queries)]
    (self.size, self.classes, self.notes) = (size, classes, notes)
    scalarType = inputs.scalarType
    drawModel = model
    var stream = RandomStream(seed: 0, purpose: "template")
    template = model(&stream)
  }

  /// A model with fresh weights.
  public func initialParameters(from stream: inout RandomStream) -> Model { drawModel(&stream) }

  /// The rows of one run's classes, class by class.
  public func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows) {
    let classes = classes[request.role] ?? []
    precondition(classes.count >= size.ways, "\(request.role) runs without classes")
    var stream = request.stream
    var (support, query) = ([Int32](), [Int32]())
    for index in stream.distinct(size.ways, below: classes.count) {
      let rows = classes[index]
      let drawn = stream.distinct(size.rows, below: rows.count).map { rows[$0] }
      support += drawn.prefix(size.shots)
      query += drawn.dropFirst(size.shots)
    }
    episode.addSameSteps(TensorType([support.count], .int32)) { Double(support[$0]) }
    template.draw(request, batch: support.count, scalarType, into: &episode)
    episode.addEvaluation(Tensor(query))
  }

  /// The mean cross-entropy of the examples to train on.
  public func trainingLoss(_ parameters: inout Model, dataset: [Tensor], batch: [Tensor]) -> Tensor
  {
    LossFunction.crossEntropy(
      parameters.trained(on: dataset[0].gather(batch[0]), batch), dataset[1])
  }

  /// The mean cross-entropy of the others, by a model that is not being trained.
  public func evaluationLoss(_ parameters: Model, dataset: [Tensor], batch: [Tensor]) -> Tensor {
    LossFunction.crossEntropy(parameters(dataset[0].gather(batch[0])), dataset[2])
  }

  /// The fraction of the others that are told rightly.
  public func accuracy(_ parameters: Model, dataset: [Tensor], batch: [Tensor]) -> Tensor? {
    LossFunction.crossEntropy.accuracy(parameters(dataset[0].gather(batch[0])), dataset[2])
  }

  /// The examples of the batch.
  public func inputs(dataset: [Tensor], batch: [Tensor]) -> Tensor? { dataset[0].gather(batch[0]) }

  /// Each run numbers its classes anew.
  public var exchangedUnits: Set<String> { [Units.targets] }
}

extension RandomStream {
  /// So many different numbers below a bound, in random order: the first of a permutation, of which
  /// only these are made.
  fileprivate mutating func distinct(_ count: Int, below bound: Int) -> [Int] {
    var moved: [Int: Int] = [:]
    return (0..<count).map { position in
      let other = position + integer(below: bound - position)
      let drawn = moved[other] ?? other
      moved[other] = moved[position] ?? position
      return drawn
    }
  }
}
