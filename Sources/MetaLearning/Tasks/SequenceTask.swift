import TensorPrograms

/// The next token of a sequence, at each position of windows over one long sequence.
///
/// The end of the sequence is for tests; the rest is a pool. Each run keeps a stretch of the pool at a
/// random place from training, to be evaluated on, and trains on windows at random places of what is
/// left.
public struct SequenceTask<Model: SupervisedModel>: LearningTask {
  /// Tokens that runs train on and, except for test runs, are evaluated on.
  private let pool: [Int32]
  /// Tokens for what is reported.
  private let test: [Int32]
  /// Positions of a window, at each of which the next token is asked for.
  public let positions: Int
  /// Windows that a run is evaluated on, evenly spaced.
  public let windows: Int
  /// Tokens of the pool that a run keeps from training.
  private let keptCount: Int
  /// The type that weights and losses are computed in.
  public let scalarType: ScalarType
  /// How trained weights are evaluated: so many windows at a time.
  public let evaluation: EvaluationSpecification
  private let drawModel: @Sendable (inout RandomStream) -> Model
  /// A model that only says what its passes draw.
  private let template: Model

  /// How many tokens a pool and a test need at least for windows of so many positions.
  public static func leastTokens(positions: Int) -> (pool: Int, test: Int) {
    (4 * (positions + 1), positions + 1)
  }

  /// A task over a sequence.
  ///
  /// - Parameters:
  ///   - tokens: the sequence, numbers from 0.
  ///   - positions: of a window.
  ///   - windows: how many a run is evaluated on.
  ///   - validation: fraction of the sequence that each run keeps from training.
  ///   - test: fraction of the sequence, its end, that only reports.
  ///   - scalarType: the type of weights.
  ///   - evaluation: how trained weights are evaluated, so many windows at a time.
  ///   - model: draws a model with fresh weights, which answers [batch, positions, tokens].
  public init(
    tokens: [Int32], positions: Int, windows: Int, validation: Double, test: Double,
    scalarType: ScalarType, evaluation: EvaluationSpecification = EvaluationSpecification(),
    model: @escaping @Sendable (inout RandomStream) -> Model
  ) {
    let poolCount = tokens.count - Int((test * Double(tokens.count)).rounded())
    let least = Self.leastTokens(positions: positions)
    precondition(
      poolCount >= least.pool && (test == 0 || tokens.count - poolCount >= least.test),
      "\(tokens.count) tokens are too few for windows of \(positions)")
    pool = Array(tokens.prefix(poolCount))
    self.test = Array(tokens.dropFirst(poolCount))
    (self.positions, self.windows, self.scalarType) = (positions, windows, scalarType)
    self.evaluation = evaluation
    let wanted = Int((validation * Double(tokens.count)).rounded())
    keptCount = min(max(wanted, positions + 1), poolCount - 3 * (positions + 1))
    drawModel = model
    var weights = RandomStream(seed: 0, purpose: "template")
    template = model(&weights)
  }

  /// Tokens of a window: what is read, and what follows its last.
  private var width: Int { positions + 1 }

  /// A model with fresh weights.
  public func initialParameters(from stream: inout RandomStream) -> Model { drawModel(&stream) }

  /// Windows at random places outside the stretch that is kept; evenly spaced windows of that stretch,
  /// or of the end of the sequence.
  public func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows) {
    var stream = request.stream
    let kept = stream.integer(below: pool.count - keptCount + 1)
    let places = TrainingPlaces(
      before: max(0, kept - width + 1), behind: kept + keptCount,
      count: pool.count - width - kept - keptCount + 1)
    let seed = stream.next()
    var start = 0
    var drawn = (step: -1, stream: stream)
    let size = request.batch * width
    episode.addSteps(TensorType([request.batch, width], .int32)) { element in
      let step = request.start + element / size
      if drawn.step != step {
        drawn = (step, RandomStream(seed: seed, purpose: "windows", index: UInt64(step)))
      }
      let offset = element % width
      if offset == 0 { start = places[drawn.stream.integer(below: places.total)] }
      return Double(pool[start + offset])
    }
    template.draw(request, batch: request.batch, scalarType, into: &episode)
    let (tokens, first, length) =
      request.role == .test ? (test, 0, test.count) : (pool, kept, keptCount)
    episode.addEvaluation(TensorType([windows, width], .int32)) { element in
      let (window, offset) = element.quotientAndRemainder(dividingBy: width)
      let place = (length - width) * window / max(1, windows - 1)
      return Double(tokens[first + place + offset])
    }
  }

  /// The mean cross-entropy of the next token at all positions of the batch, in nats.
  public func trainingLoss(
    _ parameters: inout Model, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor {
    let outputs = parameters.trained(on: read(batch[0]), batch)
    return LossFunction.crossEntropy(rows(outputs), asked(batch[0]))
  }

  /// The same of the windows that are evaluated, by a model that is not being trained.
  public func evaluationLoss(
    _ parameters: Model, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor {
    evaluation.mean(over: batch[0], in: scalarType) { windows in
      LossFunction.crossEntropy(rows(parameters(read(windows))), asked(windows))
    }
  }

  /// The fraction of positions whose next token is right.
  public func accuracy(
    _ parameters: Model, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor? {
    evaluation.mean(over: batch[0], in: scalarType) { windows in
      LossFunction.crossEntropy.accuracy(rows(parameters(read(windows))), asked(windows))
        ?? .zeros(TensorType(.scalar, scalarType))
    }
  }

  private func read(_ windows: Tensor) -> Tensor { windows.slice(axis: 1, 0..<positions) }

  private func asked(_ windows: Tensor) -> Tensor {
    let next = windows.slice(axis: 1, 1..<width)
    return next.reshaped(to: [next.shape.count])
  }

  private func rows(_ outputs: Tensor) -> Tensor {
    outputs.reshaped(to: [outputs.shape[0] * positions, outputs.shape[2]])
  }
}

/// Where training windows may begin: at so many places from the first on, or behind the stretch that is
/// kept.
private struct TrainingPlaces {
  let before, behind, total: Int

  init(before: Int, behind: Int, count: Int) {
    (self.before, self.behind, total) = (before, behind, before + max(0, count))
  }

  subscript(index: Int) -> Int { index < before ? index : behind + index - before }
}
