import MetaLearning
import TensorPrograms
import Testing

/// Windows of a sequence, and models that read them.
@Suite struct SequenceTests {
  private static let positions = 5
  /// Each token is its own place, so that windows say where they are from.
  private static let tokens = (0..<200).map { Int32($0) }

  private func task(
    _ model: some ModelKind = TransformerKind(width: 4, blocks: 1, heads: 2, feedForward: 4),
    batch: Int? = nil
  ) throws -> SequenceTask<LayeredModel> {
    let form = ExampleForm(
      positions: Self.positions, tokens: 200, outputs: 200, answersEach: true, scalar: .float64)
    let drawing = try #require(try model.drawing(for: form) as? ModelDrawing<LayeredModel>)
    return SequenceTask(
      tokens: Self.tokens, positions: Self.positions, windows: 4, validation: 0.2, test: 0.1,
      scalarType: .float64, evaluation: EvaluationSpecification(batch: batch), model: drawing.draw)
  }

  private func request(_ role: EpisodeRole, start: Int = 0, steps: Int = 30) -> EpisodeRequest {
    EpisodeRequest(
      role: role, steps: steps, batch: 6, start: start,
      stream: RandomStream(seed: 3, purpose: "windows"))
  }

  @Test("training, evaluation and test windows are of disjoint text")
  func windows() throws {
    let task = try task()
    let (training, test) = (task.episode(request(.training)), task.episode(request(.test)))
    let trained = Set(training.steps[0].doubles)
    let kept = Set(training.evaluation[0].doubles)
    let reported = Set(test.evaluation[0].doubles)
    #expect(trained.isDisjoint(with: kept) && trained.isDisjoint(with: reported))
    #expect(kept.isDisjoint(with: reported) && reported.min() == 180 && reported.max() == 199)
    #expect(training.evaluation[0].shape == [4, 6] && training.steps[0].shape == [30, 6, 6])
    for window in training.steps[0].reshaped(to: [180, 6]).rows {
      #expect(zip(window, window.dropFirst()).allSatisfy { $1 == $0 + 1 })
    }
  }

  @Test("a stretch of a run has the windows of the whole run")
  func stretches() throws {
    let task = try task()
    let whole = task.episode(request(.training)).steps[0]
    let part = task.episode(request(.training, start: 10, steps: 20)).steps[0]
    #expect(whole.slice(10..<30).doubles == part.doubles)
  }

  @Test("evaluation in batches is evaluation at once", arguments: [1, 3, 4, 9])
  func batches(_ batch: Int) throws {
    func found(_ task: SequenceTask<LayeredModel>) -> (loss: Double, slope: [Double]) {
      var stream = RandomStream(seed: 1, purpose: "weights")
      let model = task.initialParameters(from: &stream)
      let windows = task.episode(request(.training)).evaluation
      let loss = { (weights: [Tensor]) in
        task.evaluationLoss(
          model.replacingTensors(weights), dataset: [], batch: windows)
      }
      return (
        loss(model.tensors).scalar, gradient(at: model.tensors, of: loss).flatMap(\.doubles)
      )
    }
    let (whole, parts) = (found(try task()), found(try task(batch: batch)))
    #expect(abs(whole.loss - parts.loss) < 1e-12)
    for (one, other) in zip(whole.slope, parts.slope) { #expect(abs(one - other) < 1e-12) }
  }

  @Test(
    "answers at a position depend on no later token",
    arguments: [
      TransformerKind(width: 4, blocks: 2, heads: 2, feedForward: 4, positions: .rotary),
      TransformerKind(width: 4, blocks: 1, heads: 1, feedForward: 4, causal: true),
      RecurrentKind(hidden: [3, 4], embedding: 5),
      LayeredKind(layers: [EmbeddingLayer(features: 4), LSTMLayer(units: 3)]),
    ] as [any ModelKind])
  func causality(_ kind: any ModelKind) throws {
    var stream = RandomStream(seed: 1, purpose: "weights")
    let model = try task(kind).initialParameters(from: &stream)
    func answers(_ tokens: [Int32]) -> [[Double]] {
      model(Tensor(tokens).reshaped(to: [1, 5]))[0].rows
    }
    let (one, other) = (answers([7, 1, 4, 2, 9]), answers([7, 1, 4, 3, 9]))
    #expect(one.prefix(3) == other.prefix(3))
    #expect(one[3] != other[3] && one[4] != other[4])
  }

  @Test("an encoder sees all positions, and is told apart")
  func encoder() throws {
    var stream = RandomStream(seed: 1, purpose: "weights")
    let kind = TransformerKind(width: 4, blocks: 1, heads: 2, feedForward: 4, causal: false)
    let model = try task(kind).initialParameters(from: &stream)
    let (one, other) = (
      model(Tensor([7, 1, 4, 2, 9] as [Int32]).reshaped(to: [1, 5])),
      model(Tensor([7, 1, 4, 3, 9] as [Int32]).reshaped(to: [1, 5]))
    )
    #expect(one[0].rows[0] != other[0].rows[0])
  }
}

extension Tensor {
  /// The elements row by row.
  fileprivate var rows: [[Double]] {
    let width = shape[rank - 1]
    return stride(from: 0, to: shape.count, by: width).map { Array(doubles[$0..<$0 + width]) }
  }
}
