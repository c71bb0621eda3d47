import Settings
import TensorPrograms

/// Weights of a linear model without bias.
public struct LinearWeights: Trainable {
  /// The weight, [inputs].
  public var weight: Tensor

  /// The given weights.
  public init(weight: Tensor) { self.weight = weight }

  /// One tensor, `000_linear/weight`.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / layerName(0, "linear") / "weight", &weight)
  }
}

/// A linear target that drifts: y = Σ sᵢ xᵢ over the first few of many inputs x ~ N(0, I), sᵢ = ±1,
/// one of the signs flipping every so many examples.
///
/// A linear model from 0 sees one example a step and pays (y − w·x)² before it learns from it, so
/// that the objective `training` is the mean squared error of tracking. Inputs that matter want a
/// large rate and all others none. The gradient is −2 (y − w·x) x: a rate here is half of Sutton's
/// α. Windows of a run go on with the same stream of examples. Source: Sutton, "Adapting bias by
/// gradient descent: an incremental version of delta-bar-delta" (1992).
public struct TrackingTask: LearningTask {
  /// How many inputs there are.
  public let inputs: Int
  /// How many of them the target depends on, the first ones.
  public let relevant: Int
  /// Examples from one flip of a sign to the next.
  public let interval: Int
  /// Single or double precision.
  public let scalarType: ScalarType

  /// Sutton's problem, unless said otherwise.
  public init(
    inputs: Int, relevant: Int, interval: Int, scalarType: ScalarType = .float32
  ) {
    self.inputs = inputs
    self.relevant = relevant
    self.interval = interval
    self.scalarType = scalarType
  }

  /// Zeros; nothing is drawn.
  public func initialParameters(from stream: inout RandomStream) -> LinearWeights {
    LinearWeights(
      weight: Tensor([Double](repeating: 0, count: inputs), TensorType([inputs], scalarType)))
  }

  /// Inputs [steps, inputs] and targets [steps]; the signs right after the last step to evaluate
  /// on.
  ///
  /// Inputs are drawn from a stream a step and flips from one that is cheap to run through, so that
  /// a stretch of a long run needs nothing of what came before it. The batch size is not read.
  public func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows) {
    var names = request.stream
    let seed = names.next()
    var target = DriftingSigns(relevant: relevant, interval: interval, seed: seed)
    var (x, y): ([Double], [Double]) = ([], [])
    x.reserveCapacity(request.steps * inputs)
    for step in request.start..<request.start + request.steps {
      target.advance(to: step)
      var stream = RandomStream(
        seed: seed, purpose: "tracking inputs", index: UInt64(step))
      let row = (0..<inputs).map { _ in stream.normal() }
      x += row
      y.append(zip(target.signs, row).reduce(0) { $0 + $1.0 * $1.1 })
    }
    target.advance(to: request.start + request.steps)
    let signs = target.signs + [Double](repeating: 0, count: inputs - relevant)
    episode.addSteps(Tensor(x, TensorType([request.steps, inputs], scalarType)))
    episode.addSteps(Tensor(y, TensorType([request.steps], scalarType)))
    episode.addEvaluation(Tensor(signs, TensorType([inputs], scalarType)))
  }

  /// (y − w·x)² of one example.
  public func trainingLoss(
    _ parameters: inout LinearWeights, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor { (batch[1] - (parameters.weight * batch[0]).sum()).squared() }

  /// |w − s|²: the squared error that the next example has on average.
  public func evaluationLoss(
    _ parameters: LinearWeights, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor { (parameters.weight - batch[0]).squared().sum() }

  /// Closed forms for fixed rates.
  public var theory: TrackingTheory {
    TrackingTheory(inputs: inputs, relevant: relevant, interval: interval)
  }

  /// The best fixed rate for all inputs, and the best for those that matter.
  public func references(
    _ specification: InnerSpecification, objective: ObjectiveSpecification
  ) -> [ReferenceValue] { objective == .training ? theory.references : [] }
}

/// The signs of a drifting target, step by step.
private struct DriftingSigns {
  private(set) var signs: [Double]
  private let interval: Int
  private var flips: RandomStream
  private var blocks = 0

  init(relevant: Int, interval: Int, seed: UInt64) {
    self.interval = interval
    flips = RandomStream(seed: seed, purpose: "tracking signs")
    signs = []
    for _ in 0..<relevant { signs.append(flips.integer(below: 2) == 0 ? 1 : -1) }
  }

  /// Goes on to the signs of a step that is not before the last one asked for.
  mutating func advance(to step: Int) {
    while blocks < step / interval {
      signs[flips.integer(below: signs.count)].negate()
      blocks += 1
    }
  }
}

/// Tracking as configurations choose it.
public struct TrackingKind: TaskKind {
  /// How many inputs there are.
  public var inputs: Int
  /// How many of them the target depends on.
  public var relevant: Int
  /// Examples from one flip of a sign to the next.
  public var interval: Int

  /// The word for it.
  public static let word = "tracking"
  /// Inputs and their drift.
  public static let schema = Schema<Self>(
    "a linear target that drifts: Sutton's tracking problem",
    Setting("inputs", \.inputs, .integer(1...1_000_000), "inputs of the linear model"),
    Setting(
      "relevant", \.relevant, .integer(1...1_000_000),
      "inputs that the target depends on; at most 5 unless written"),
    Setting(
      "interval", \.interval, .integer(), unit: "steps", "examples from one flip to the next")
  ).settling { tracking, written in
    if !written.contains("relevant") { tracking.relevant = min(5, tracking.inputs) }
  }.refusing { tracking, _ in
    tracking.relevant <= tracking.inputs
      ? nil
      : Conflict(
        "relevant", tracking.relevant, expected: "at most inputs, \(tracking.inputs)")
  }

  /// Sutton's problem, unless said otherwise.
  public init(inputs: Int = 20, relevant: Int = 5, interval: Int = 20) {
    self.inputs = inputs
    self.relevant = relevant
    self.interval = interval
  }

  /// A linear one.
  public var bringsItsModel: Bool { true }

  /// One example a step, for a linear model.
  public var adaptsByIDBD: Bool { true }

  /// The task.
  public func task(_ context: TaskContext) -> any LearningTask {
    TrackingTask(
      inputs: inputs, relevant: relevant, interval: interval, scalarType: context.scalar)
  }

  /// Far below 1/(inputs + 2), beyond which errors grow: a round number for up to fifty inputs.
  public var stableRate: Double { inputs <= 50 ? 0.01 : 0.5 / Double(inputs + 2) }
  /// Streams of their own.
  public var testRunsTrainOn: String { "streams that learning did not see" }
  /// The linear model starts from 0.
  public var testRunsStartFrom: String { "weights of zero" }

  /// Examples are paid for as they come: weights on the way are not evaluated by the signs of the
  /// end.
  public func conflict(with use: TaskUse, _ written: Written) -> Conflict? {
    switch use.objective {
    case .training, .final: nil
    case .mean, .weighted:
      Conflict(
        "outer.objective",
        "found an objective that evaluates every step by the signs of the end, expected training: what "
          + "the task tracking pays for each example before it learns")
    }
  }
}
