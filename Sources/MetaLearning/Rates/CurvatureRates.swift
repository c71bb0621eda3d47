import Foundation
import Settings
import TensorPrograms

/// A rate for each tensor from its gradient g and the curvature along it, scale · gᵀg / gᵀHg: the
/// step that makes the loss's quadratic model least along the gradient, tensor by tensor. Both are
/// sums over the first batches of one run at its initial weights, and H is the tensor's own block
/// of the Hessian. Where curvature is not above 0, or there is no gradient, the tensor has the
/// geometric mean of the others' rates.
///
/// Source: Hi-DLR, "Hessian-informed differential learning rate" (arXiv 2501.06954).
public struct CurvatureRates: InitialRates {
  /// What multiplies gᵀg / gᵀHg.
  public var scale: Double
  /// Batches that gradients and curvatures are measured on.
  public var batches: Int

  /// The word for it.
  public static let word = "curvature"
  /// Scale and batches.
  public static let schema = Schema<Self>(
    "the step to the least loss along each tensor's gradient, by its curvature",
    Setting("scale", \.scale, .number(.positive), "what multiplies gᵀg / gᵀHg"),
    Setting(
      "batches", \.batches, .integer(1...10_000), unit: "batches",
      "batches that curvature is measured on"))

  /// A scale of 1 over eight batches, unless said otherwise.
  public init(scale: Double = 1, batches: Int = 8) {
    self.scale = scale
    self.batches = batches
  }

  /// The unconstrained numbers of the rates; parameters that share a rate across tensors have the
  /// geometric mean.
  public func unconstrained(_ start: RateStart) throws -> [Tensor] {
    let layout = start.layout
    if case .layerFactor = layout.specification.granularity {
      throw RateError.unsupported(
        "curvature cannot start layer factors: choose another granularity, or the initial value "
          + "layerFactor")
    }
    let steps = try start.gradientCurvatures(batches).map { $0.square / $0.curvature }
    let known = steps.filter { $0 > 0 && $0.isFinite }
    guard !known.isEmpty else {
      throw RateError.unsupported(
        "no tensor has curvature above 0 along its gradient: choose another initial value")
    }
    func geometricMean(_ values: [Double]) -> Double {
      exp(values.map { log($0) }.reduce(0, +) / Double(values.count))
    }
    let mean = geometricMean(known)
    let rates = zip(steps, layout.parameters.types).map { step, type in
      [Double](
        repeating: scale * (step > 0 && step.isFinite ? step : mean), count: type.shape.count)
    }
    return try layout.unconstrained(of: try layout.restricting(rates, geometricMean))
  }

  /// A gradient of each batch, and its product with each tensor's block of the Hessian.
  public func cost(tensors: Int) -> Budget {
    Budget(gradients: batches, products: batches * tensors)
  }

  /// Nothing is known before there is a model.
  public func conflict(with rates: RateSpecification, layers: Int?) -> Conflict? {
    guard case .layerFactor = rates.granularity else { return nil }
    return Conflict(
      "",
      "found curvature beside the granularity layerFactor, expected the initial value layerFactor")
  }
}
