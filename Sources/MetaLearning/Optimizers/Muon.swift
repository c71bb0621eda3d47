import Settings
import TensorPrograms

/// Momentum whose matrices are orthogonalised, for hidden matrices; AdamW for all other tensors.
///
/// For a hidden matrix: m ← μm + (1−μ)g; u = μm + (1−μ)g; d = √max(1, outputs/inputs)·O + λθ, where
/// O comes of u, as a matrix [inputs, outputs], by five Newton–Schulz steps: X = u/(‖u‖+1e-7), then
/// X ← aX + (bA + cA²)X with A = XXᵀ and (a, b, c) = (3.4445, −4.7750, 2.0315), which brings all
/// singular values near 1. A kernel is the matrix of its window's pixels and inputs by its outputs.
///
/// Source: Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024) and its
/// code of November 2025, which takes first and last layers, biases and scales to AdamW as here.
/// The code's factor of a kernel comes of its height and width and is 1 for square ones; here it
/// comes of the flattened matrix, as in its versions of 2024.
public struct Muon: MomentBased, DecoupledDecay {
  /// μ, how much of the velocity stays at each step.
  public var momentum: Double
  /// β1 of AdamW.
  public var beta1: Double
  /// β2 of AdamW.
  public var beta2: Double
  /// ε of AdamW, outside the root.
  public var epsilon: Double
  /// ε_root of AdamW, inside the root.
  public var epsilonRoot: Double
  /// λ, the rate of the decoupled weight decay.
  public var weightDecay: Double

  /// The word for it.
  public static let word = "muon"
  /// Momentum, and AdamW's numbers.
  public static let schema = Schema<Self>(
    "orthogonalised momentum for hidden matrices, AdamW for the rest",
    Setting("momentum", \.momentum, .number(.belowOne), "what stays of a matrix's mean gradient"),
    .beta1, .beta2, .epsilon, .epsilonRoot, .weightDecay
  ).refusing(guardConflict)
  /// μ, β1, β2 and λ.
  public static let learnable =
    [Learnable<Self>("momentum", \.momentum, .unitInterval)] + betas + [decay]

  /// The published numbers, unless said otherwise.
  public init(
    momentum: Double = 0.95, beta1: Double = 0.9, beta2: Double = 0.95, weightDecay: Double = 0.01,
    epsilon: Double = 1e-8, epsilonRoot: Double = 1e-8
  ) {
    (self.momentum, self.beta1, self.beta2) = (momentum, beta1, beta2)
    (self.weightDecay, self.epsilon, self.epsilonRoot) = (weightDecay, epsilon, epsilonRoot)
  }

  /// The orthogonalised momentum of a hidden matrix, or AdamW's direction.
  public func direction(
    _ gradient: Tensor, of tensor: OptimizedTensor, _ slots: inout Moments,
    _ numbers: Numbers<Self>, step: Tensor
  ) -> Tensor {
    let decay = decay(of: tensor, numbers)
    guard tensor.isHiddenMatrix else {
      return adamDirection(gradient, &slots, numbers, step: step) + decay
    }
    // A matrix has no mean square: the second slot stays 0, which costs a step nothing.
    let momentum = numbers[\.momentum]
    slots.first = momentum * slots.first + (1 - momentum) * gradient
    let ahead = momentum * slots.first + (1 - momentum) * gradient
    return Muon.orthogonalized(ahead) + decay
  }

  /// A matrix, or a kernel, with all singular values near 1, times √max(1, outputs/inputs).
  private static func orthogonalized(_ tensor: Tensor) -> Tensor {
    let outputs = tensor.shape[tensor.rank - 1]
    let inputs = tensor.shape.count / outputs
    let matrix = tensor.reshaped(to: [inputs, outputs])
    // The products are of the smaller side.
    var x = inputs > outputs ? matrix.transposed() : matrix
    x = x / (Norm([x]).orOne + 1e-7)
    for _ in 0..<5 {
      let a = x.product(x.transposed())
      x = 3.4445 * x + (-4.7750 * a + 2.0315 * a.product(a)).product(x)
    }
    let scale = max(1, Double(outputs) / Double(inputs)).squareRoot()
    return scale * (inputs > outputs ? x.transposed() : x).reshaped(to: tensor.shape)
  }
}
