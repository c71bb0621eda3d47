import Foundation

/// What plain descent on a noisy quadratic comes to on average, in closed form.
///
/// With A = E θ² and gradients h (θ − ξ), ξ ~ N(0, σ²), a step at rate α gives
/// A' = (1 − αh)² A + α²h²σ² in every coordinate, and the expected loss is ½ Σ h A. Source: Wu,
/// Ren, Liao and Grosse, "Understanding short-horizon bias in stochastic meta-optimization" (2018).
public struct QuadraticTheory: Sendable, Equatable {
  /// h, coordinate by coordinate.
  public let curvatures: [Double]
  /// σ², the variance of the noise.
  public let variance: Double
  /// A before the first step, the same in all coordinates.
  public let initialMoment: Double

  /// A quadratic of the given curvatures, noise and start.
  public init(curvatures: [Double], variance: Double, initialMoment: Double) {
    self.curvatures = curvatures
    self.variance = variance
    self.initialMoment = initialMoment
  }

  /// A after some steps at a constant product αh, which is all that it depends on.
  public func moment(product: Double, steps: Int) -> Double {
    let kept = pow(1 - product, Double(2 * steps))
    // σ²(αh)² Σ (1 − αh)²ʲ is a geometric series with 1 − (1 − αh)² = αh (2 − αh).
    return kept * initialMoment + variance * product * (1 - kept) / (2 - product)
  }

  /// The expected loss after some steps at one constant rate for all coordinates.
  public func loss(rate: Double, steps: Int) -> Double {
    0.5 * curvatures.reduce(0) { $0 + $1 * moment(product: rate * $1, steps: steps) }
  }

  /// The best constant rate for all coordinates.
  public func bestShared(steps: Int) -> (rate: Double, loss: Double) {
    let limit = 2 / curvatures.max()!
    let (rate, loss) = leastValue(from: 1e-6 * limit, to: 0.999 * limit) {
      self.loss(rate: $0, steps: steps)
    }
    return (rate, loss)
  }

  /// The best constant rate for each coordinate: α = product / h with one product for all.
  public func bestPerParameter(steps: Int) -> (product: Double, loss: Double) {
    let (product, moment) = leastValue(from: 1e-6, to: 1.999) {
      self.moment(product: $0, steps: steps)
    }
    return (product, 0.5 * moment * curvatures.reduce(0, +))
  }

  /// The loss after steps that each take the shared rate that is best for the loss right after it.
  public func greedyShared(steps: Int) -> Double {
    var moments = curvatures.map { _ in initialMoment }
    for _ in 0..<steps {
      // ½ Σ h A' is a parabola in α.
      let pull = zip(curvatures, moments).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
      let push = zip(curvatures, moments).reduce(0) {
        $0 + $1.0 * $1.0 * $1.0 * ($1.1 + variance)
      }
      let rate = push > 0 ? pull / push : 0
      moments = zip(curvatures, moments).map { h, moment in
        (1 - rate * h) * (1 - rate * h) * moment + rate * rate * h * h * variance
      }
    }
    return 0.5 * zip(curvatures, moments).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The best loss with a rate for each coordinate and step, at α = 1/(h (t + 1 + σ²/A₀)): then
  /// 1/A grows by 1/σ² a step.
  public func bestPerStep(steps: Int) -> Double {
    0.5 * curvatures.reduce(0, +) / (1 / initialMoment + Double(steps) / variance)
  }

  /// The best that rates of various kinds can do.
  public func references(steps: Int) -> [ReferenceValue] {
    [
      ReferenceValue("plain descent, best constant shared rate", bestShared(steps: steps).loss),
      ReferenceValue("plain descent, greedy shared rate each step", greedyShared(steps: steps)),
      ReferenceValue(
        "plain descent, best constant rate per parameter", bestPerParameter(steps: steps).loss),
      ReferenceValue(
        "plain descent, best rate per parameter and step", bestPerStep(steps: steps)),
    ]
  }
}
