import MetaLearning
import TensorPrograms

/// Weights in two layers, as names for rates to be shared by.
struct SeparableParameters: Trainable {
  /// [2, 3], [3] and [4].
  var weight, bias, second: Tensor

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "000_first" / "weight", &weight)
    try body(path / "000_first" / "bias", &bias)
    try body(path / "001_second" / "weight", &second)
  }
}

/// Weights that do not act on one another: Σ ½ h (θ − ξ)² + ¼ c θ⁴, with targets ξ drawn for every
/// step, so that Hessians are diagonal and change along a run.
struct SeparableTask: LearningTask {
  /// Runs whose first target is above it have targets that overflow.
  var bound = Double.infinity

  static let quartic = 0.1
  private static let types = [[2, 3], [3], [4]].map { TensorType(Shape($0), .float64) }

  var scalarType: ScalarType { .float64 }
  /// Curvatures from 0.4 to 1.6.
  var dataset: [Tensor] {
    Self.types.enumerated().map { tensor, type in
      Tensor(
        (0..<type.shape.count).map { 0.4 + 0.3 * Double(tensor) + 0.1 * Double($0) }, type)
    }
  }

  func initialParameters(from stream: inout RandomStream) -> SeparableParameters {
    let values = Self.types.map { type in
      Tensor((0..<type.shape.count).map { _ in stream.normal() }, type)
    }
    return SeparableParameters(weight: values[0], bias: values[1], second: values[2])
  }

  func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows) {
    var stream = request.stream
    var first = stream
    let scale = first.normal() > bound ? 1e300 : 1
    for type in Self.types { episode.addSteps(type) { _ in scale * stream.normal() } }
    for type in Self.types { episode.addEvaluation(type) { _ in stream.normal() } }
  }

  func trainingLoss(
    _ parameters: inout SeparableParameters, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor {
    let terms = zip(parameters.tensors, zip(dataset, batch)).map { weight, rest in
      (0.5 * rest.0 * (weight - rest.1).squared()
        + 0.25 * Self.quartic * weight.squared().squared()).sum()
    }
    return terms[0] + terms[1] + terms[2]
  }

  /// A problem on this task.
  static func problem(
    _ optimizer: any Optimizer, rates: RateSpecification, steps: Int = 6,
    schedule: any Schedule = CosineSchedule(final: 0.2), objective: ObjectiveSpecification = .final,
    bound: Double = .infinity
  ) -> InnerProblem<SeparableTask> {
    let task = SeparableTask(bound: bound)
    var stream = RandomStream(seed: 5, purpose: "separable")
    return InnerProblem(
      task: task, template: task.initialParameters(from: &stream),
      specification: InnerSpecification(
        optimizer: optimizer, steps: steps, batch: 1, schedule: schedule),
      rates: rates, objective: objective)
  }
}
