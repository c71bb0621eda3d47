import MetaLearning
import TensorPrograms

/// ½ Σ h θ² + Σ slope·θ from a given start, without noise; judged by the same, or by Σ θ.
struct PlainQuadratic: LearningTask {
  var curvatures: [Double]
  var start: [Double]
  var slope = 0.0
  var judgesSum = false
  var scalarType = ScalarType.float64

  var dataset: [Tensor] { [tensor(curvatures)] }

  func initialParameters(from stream: inout RandomStream) -> QuadraticParameters {
    QuadraticParameters(weight: tensor(start))
  }

  func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows) {
    episode.addSteps(TensorType([1], scalarType)) { _ in 0 }
    episode.addEvaluation(TensorType([1], scalarType)) { _ in 0 }
  }

  func trainingLoss(
    _ parameters: inout QuadraticParameters, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor {
    let weight = parameters.weight
    return 0.5 * (dataset[0] * weight.squared()).sum() + slope * weight.sum()
  }

  func evaluationLoss(
    _ parameters: QuadraticParameters, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor {
    judgesSum ? parameters.weight.sum() : trainingLoss(of: parameters, batch: batch)
  }

  private func tensor(_ values: [Double]) -> Tensor {
    Tensor(values, TensorType([values.count], scalarType))
  }

  /// Trained by the given optimizer at one rate a weight.
  func problem(
    _ optimizer: any Optimizer = SGD(), rate: Double, steps: Int,
    transformations: [any GradientTransformation] = [], objective: ObjectiveSpecification = .final
  ) -> InnerProblem<PlainQuadratic> {
    var stream = RandomStream(seed: 0, purpose: "plain quadratic")
    return InnerProblem(
      task: self, template: initialParameters(from: &stream),
      specification: InnerSpecification(
        optimizer: optimizer, steps: steps, batch: 1, transformations: transformations),
      rates: RateSpecification(parameterization: .direct, initial: UniformRates(rate: rate)),
      objective: objective)
  }
}
