import Settings
import TensorPrograms

/// Shrinks the update of each number behind the rates by how much of its hypergradient is noise of
/// the few runs that an outer step sees.
///
/// With exponential averages m of the runs' mean hypergradient and s² of their variance, n runs a
/// step, an update is multiplied by max(0, 1 − v/m²), v being the noise that m² is held against
/// (``Noise``): an estimate of the share of m² that is signal, as in Wiener's filter, with the
/// positive part of James and Stein, "Estimation with quadratic loss" (1961), whose own factor
/// needs three numbers. Steps are taken for independent. Of pure noise some passes: held against
/// that of m itself, the factor is above 0 in a third of all cases.
public struct SignalShrinkage: Sendable, Equatable {
  /// Whose noise the square of m is held against.
  public enum Noise: String, Sendable, CaseIterable {
    /// That of m itself, s²/n · (1 − β)/(1 + β) after many steps of decay β: where there is nothing
    /// but noise, m² is as large on average.
    case average
    /// That of the mean of a single step, s²/n: updates are zero unless the signal is above it.
    case step
  }

  /// How much of the averages each outer step keeps.
  public var decay: Double
  /// Whose noise the signal is held against.
  public var noise: Noise

  /// Averages over about ten outer steps and their own noise, unless said otherwise.
  public init(decay: Double = 0.9, noise: Noise = .average) {
    self.decay = decay
    self.noise = noise
  }

  /// What the outer state calls the averages.
  static let slotNames = ["signal_mean", varianceName]
  /// The one that is a sum of squares.
  static let varianceName = "signal_variance"

  /// The factor of each number, and the averages with a step's hypergradient in them.
  ///
  /// - Parameters:
  ///   - mean: of the runs' hypergradients.
  ///   - possible: the part of the mean that the number can follow.
  ///   - square: the mean of the hypergradients' squares.
  ///   - averages: of that part and of the variance so far.
  ///   - step: how many steps came before in which something was learned.
  func factor(
    mean: Tensor, possible: Tensor, square: Tensor, runs: Int,
    averages: (mean: Tensor, variance: Tensor), step: Tensor
  ) -> (factor: Tensor, averages: (mean: Tensor, variance: Tensor)) {
    let count = Double(runs)
    let spread = (square - mean * mean) * (count / (count - 1))
    let zero = Tensor.zeros(spread.type)
    // Rounding may make it less than nothing.
    let variance = Tensor.maximum(spread, zero)
    let next = (
      mean: decay * averages.mean + (1 - decay) * possible,
      variance: decay * averages.variance + (1 - decay) * variance
    )
    // Averages that began at 0 are that much too small, squares of them twice.
    let kept = Tensor([decay], step.type).power(step + 1)
    let signal = next.mean * next.mean
    var noise = next.variance * (1 - kept) * (1 / count)
    if self.noise == .average {
      // The sum of the squares of weights that add up to 1.
      noise = noise * ((1 - decay) / (1 + decay)) * (1 + kept) / (1 - kept)
    }
    let isZero = signal .== zero
    let factor = Tensor.maximum(1 - noise / (signal + isZero), zero) * (1 - isZero)
    return (factor, next)
  }
}

extension Form<SignalShrinkage?> {
  /// `none`, or `signal` with its decay.
  static var shrinkage: Form {
    .optional(
      .choice(
        "a shrinkage",
        [
          Alternative(
            "signal", SignalShrinkage(), "by how much of each number's hypergradient is noise",
            Setting(
              "decay", \.decay, .number(.belowOne),
              "how much of the averages of mean and variance an outer step keeps"),
            Setting(
              "noise", \.noise, .word("a noise"), "whose noise the averaged signal is held against"),
            value: { $0 }, payload: { $0 })
        ]))
  }
}
