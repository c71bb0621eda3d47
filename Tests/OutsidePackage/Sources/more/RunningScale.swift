import MetaLearning
import Settings
import TensorPrograms

/// Each number over the largest size that training has seen of it, which is kept and not learned.
struct RunningScale: Layer {
  var largest: Tensor

  var name: String { "running_scale" }

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {}

  mutating func visitState(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "largest", &largest)
  }

  mutating func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor {
    if pass.isTraining {
      largest = .maximum(largest, inputs.absolute().maximum(axes: [0])).withoutGradient()
    }
    return inputs / largest
  }
}

struct RunningScaleLayer: LayerKind {
  static let word = "runningScale"
  static let schema = Schema<Self>("each number over the largest size that training has seen of it")

  func drawing(for input: LayerInput) -> LayerDrawing {
    LayerDrawing(outputs: input.shape) { _ in
      RunningScale(largest: Tensor(repeating: 1e-3, TensorType(input.shape, input.scalar)))
    }
  }
}
