import Foundation

/// What plain descent at a fixed rate pays for tracking, in the long run and in closed form.
///
/// With Sutton's α (twice a rate here) for n inputs that include the k relevant ones, and none for
/// the rest, the squared distance D = E|w − s|² shrinks by 1 − 2α + (n+2)α² a step, as x is normal;
/// E w·s grows towards k by 1 − α a step. A flip every L steps takes D to D + 4 E w·s / k and E w·s
/// to (1 − 2/k) E w·s. The fixed point of that, averaged over the steps between two flips, is
/// (4/L) m / (2α − (n+2)α²) with m = (1 − ρ)/(1 − (1 − 2/k)ρ) and ρ = (1 − α)ᴸ.
public struct TrackingTheory: Sendable, Equatable {
  /// How many inputs there are.
  public let inputs: Int
  /// How many of them the target depends on: k.
  public let relevant: Int
  /// Steps from one flip to the next: L.
  public let interval: Int

  /// Sutton's problem, unless said otherwise.
  public init(inputs: Int, relevant: Int, interval: Int) {
    self.inputs = inputs
    self.relevant = relevant
    self.interval = interval
  }

  /// The mean squared error of tracking with a rate for `count` inputs, the relevant ones among
  /// them, and 0 for the rest; infinite where that is unstable.
  public func error(rate: Double, for count: Int) -> Double {
    let alpha = 2 * rate
    let contraction = 2 * alpha - Double(count + 2) * alpha * alpha
    guard contraction > 0 else { return .infinity }
    let kept = pow(1 - alpha, Double(interval))
    let learned = (1 - kept) / (1 - (1 - 2 / Double(relevant)) * kept)
    return 4 / Double(interval) * learned / contraction
  }

  /// The best rate for `count` inputs, the relevant ones among them, and 0 for the rest.
  public func best(for count: Int) -> (rate: Double, error: Double) {
    let limit = 1 / Double(count + 2)
    let (rate, error) = leastValue(from: 1e-6 * limit, to: limit) {
      self.error(rate: $0, for: count)
    }
    return (rate, error)
  }

  /// The best that fixed rates can do without and with knowing which inputs matter.
  public var references: [ReferenceValue] {
    [
      ReferenceValue("plain descent, best fixed rate for all inputs", best(for: inputs).error),
      ReferenceValue(
        "plain descent, best fixed rate for the inputs that matter", best(for: relevant).error),
    ]
  }
}
