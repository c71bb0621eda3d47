import Experiments
import Foundation
import MetaLearning
import Settings
import TensorPrograms

struct Cosine: Schedule {
  var final = 0.0
  static let word = "cosine"
  static let schema = Schema<Self>(
    "a half wave from 1 down",
    Setting("final", \.final, .number(.fraction), "the multiplier at the end"))
  func multiplier(at step: Int, of total: Int) -> Double {
    final + (1 - final) * (1 + cos(.pi * Double(step) / Double(total))) / 2
  }
}

struct Momentum: Optimizer {
  var momentum = 0.9
  static let word = "momentum"
  static let schema = Schema<Self>(
    "a running sum of gradients",
    Setting("momentum", \.momentum, .number(.belowOne), "what stays of it at each step"))
  static let learnable = [Learnable<Self>("momentum", \.momentum, .unitInterval)]
  func slots(like type: TensorType) -> Velocity { Velocity(like: type) }
  func direction(
    _ gradient: Tensor, of tensor: OptimizedTensor, _ velocity: inout Velocity,
    _ numbers: Numbers<Self>, step: Tensor
  ) -> Tensor {
    velocity.velocity = numbers[\.momentum] * velocity.velocity + gradient
    return velocity.velocity
  }
}

struct Sign: Optimizer {
  static let word = "sign"
  static let schema = Schema<Self>("the sign of the gradient")
  func direction(
    _ gradient: Tensor, of tensor: OptimizedTensor, _ slots: inout NoSlots,
    _ numbers: Numbers<Self>, step: Tensor
  ) -> Tensor {
    gradient.sign()
  }
}

/// A number that follows a wave.
struct WaveTask: LearningTask {
  var noise = 0.1
  var scalarType: ScalarType { .float32 }

  func initialParameters(from stream: inout RandomStream) -> QuadraticParameters {
    QuadraticParameters(weight: Tensor([stream.normal()], TensorType([1], scalarType)))
  }

  func draw(_ request: EpisodeRequest, into episode: inout EpisodeRows) {
    var stream = request.stream
    let type = TensorType([1], scalarType)
    episode.addSteps(type) { sin(Double(request.start + $0)) + noise * stream.normal() }
    episode.addEvaluation(type) { _ in 0 }
  }

  func trainingLoss(
    _ parameters: inout QuadraticParameters, dataset: [Tensor], batch: [Tensor]
  ) -> Tensor {
    (parameters.weight - batch[0]).squared().sum()
  }
}

extension WaveTask: TaskKind {
  static let word = "wave"
  static let schema = Schema<Self>(
    "waves seen through noise", Setting("noise", \.noise, .number(.nonnegative), "how much"))
  var bringsItsModel: Bool { true }
  func task(_ context: TaskContext) -> any LearningTask { self }
}

func kindSamples() {
  var laboratory = Laboratory.standard
  laboratory.optimizers.add(Sign())
  laboratory.tasks.add(WaveTask())
  precondition(laboratory.optimizers["sign"] != nil && laboratory.tasks["wave"] != nil)
  precondition(Cosine(final: 0.5).multiplier(at: 10, of: 10) == 0.5)
}
