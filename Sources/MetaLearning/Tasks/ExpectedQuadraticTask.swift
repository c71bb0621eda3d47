import TensorPrograms

/// The second moments A = E θ² of a quadratic's weights.
public struct QuadraticMoments: Trainable {
  /// The moment, [dimensions].
  public var moment: Tensor

  /// The given moments.
  public init(moment: Tensor) { self.moment = moment }

  /// One tensor, `000_quadratic/second_moment`.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / layerName(0, "quadratic") / "second_moment", &moment)
  }
}

/// A noisy quadratic's expectation: what its weights' second moments do under plain descent,
/// without any randomness.
///
/// Its step is no optimizer's: A' = (1 − αh)² A + α²h²σ². Rates learned here are those that sampled
/// runs want on average.
public struct ExpectedQuadraticTask: LearningTask {
  /// The problem whose expectation it is.
  public let sampled: NoisyQuadraticTask

  /// The expectation of a noisy quadratic.
  public init(of sampled: NoisyQuadraticTask) { self.sampled = sampled }

  /// The sampled problem's.
  public var scalarType: ScalarType { sampled.scalarType }
  /// The curvatures.
  public var dataset: [Tensor] { sampled.dataset }

  /// E θ₀² in every coordinate; nothing is drawn.
  public func initialParameters(from stream: inout RandomStream) -> QuadraticMoments {
    let type = sampled.dataset[0].type
    let moments = [Double](repeating: sampled.theory.initialMoment, count: type.shape.count)
    return QuadraticMoments(moment: Tensor(moments, type))
  }

  /// Steps need no data; the curvatures are what the evaluation reads.
  public func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows) {
    episode.addEvaluation(sampled.dataset[0])
  }

  /// ½ Σ h A, which nothing descends by its gradient.
  public func trainingLoss(
    _ parameters: inout QuadraticMoments, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor { 0.5 * (dataset[0] * parameters.moment).sum() }

  /// ½ Σ h A.
  public func evaluationLoss(
    _ parameters: QuadraticMoments, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor { 0.5 * (batch[0] * parameters.moment).sum() }

  /// The recurrence of the moments, whatever optimizer is specified.
  public func innerStep(
    _ specification: InnerSpecification, template: QuadraticMoments
  ) -> any InnerStep { ExpectedQuadraticStep(variance: sampled.theory.variance) }

  /// The best that rates of various kinds can do.
  public func references(
    _ specification: InnerSpecification, objective: ObjectiveSpecification
  ) -> [ReferenceValue] { sampled.references(specification, objective: objective) }
}

/// One step of plain descent on a noisy quadratic, as what it does to A = E θ².
struct ExpectedQuadraticStep: InnerStep {
  /// σ², the variance of the noise.
  let variance: Double

  var scalars: ScalarLayout { ScalarLayout() }

  func initialState(_ weights: [Tensor]) -> TrainingState { TrainingState(weights: weights) }

  /// A' = (1 − αh)² A + α²h²σ².
  func callAsFunction(
    _ state: TrainingState, rates: [Tensor], scalars: [Tensor], dataset: [Tensor],
    batch: [Tensor], time: StepTime
  ) -> (state: TrainingState, loss: Tensor) {
    let (moments, curvatures) = (state.weights[0], dataset[0])
    let product = time.multiplier * rates[0] * curvatures
    let next = (1 - product).squared() * moments + variance * product.squared()
    return (state.replacing(weights: [next]), 0.5 * (curvatures * moments).sum())
  }
}
