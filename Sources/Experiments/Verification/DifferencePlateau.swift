import Foundation

/// The slope of a function of one number at 0 by central differences, (F(h) − F(−h)) / 2h, at the
/// step h whose neighbours agree with it best.
///
/// A long step sees curvature and kinks, an error that falls with the step; a short one sees the
/// function's rounding divided by the step. In between quotients hardly change. A function that is
/// rough at the scale of long steps may have quotients there that agree as well: shorter ones, as
/// far as rounding lets them, tell that it is no slope.
package struct DifferencePlateau: Sendable, Equatable {
  /// The quotient at the step; not a number where none is finite.
  package let slope: Double
  /// The step, neither the longest nor the shortest of those that were tried.
  package let step: Double
  /// How far the quotients of the next longer step and of all shorter ones are from the slope, the
  /// shorter ones' rounding taken off.
  package let spread: Double
  /// Four standard errors that the function's rounding gives the quotient.
  package let rounding: Double

  /// How far the slope may be from the true one.
  package var uncertainty: Double { spread + rounding }

  /// 1, 0.3, 0.1 and so on to 1e-16.
  package static let steps = (0...32).map { pow(10, -Double($0) / 2) }

  /// So much uncertainty, relative to a slope, and there is nothing to be said of it.
  package static let useless = 0.1
  /// So little, and shorter steps that rounding makes worse need not confirm it.
  private static let enough = 1e-6

  /// Looks at shorter and shorter steps until they can add nothing.
  ///
  /// - Parameters:
  ///   - noise: the standard deviation of the function's rounding.
  ///   - scale: the least size that matters of slopes.
  ///   - function: the function F; what is not finite agrees with nothing.
  package init(noise: Double, scale: Double, of function: (Double) -> Double) {
    var quotients: [Quotient] = []
    var best = DifferencePlateau(
      slope: .nan, step: Self.steps[0], spread: .infinity, rounding: .infinity)
    for step in Self.steps {
      let last = Quotient(
        step: step, slope: (function(step) - function(-step)) / (2 * step),
        // Two roundings of that size, over 2h.
        rounding: 4 * noise / (2.0.squareRoot() * step))
      quotients.append(last)
      guard quotients.count > 2 else { continue }
      best = Self.best(of: quotients)
      let isWorse = last.rounding >= best.uncertainty
      if isWorse && best.uncertainty <= Self.enough * max(scale, abs(best.slope)) { break }
      let size = last.slope.isFinite ? abs(last.slope) : 0
      if last.rounding >= Self.useless * max(scale, size) { break }
    }
    self = best
  }

  private struct Quotient {
    let step, slope, rounding: Double
  }

  /// The one of least uncertainty that has both a longer and a shorter neighbour.
  private static func best(of quotients: [Quotient]) -> DifferencePlateau {
    let all = (1..<quotients.count - 1).map { place in
      let (longer, middle) = (quotients[place - 1], quotients[place])
      let shorter = quotients[(place + 1)...].map { abs($0.slope - middle.slope) - $0.rounding }
      let gaps = [abs(longer.slope - middle.slope)] + shorter
      return DifferencePlateau(
        slope: middle.slope, step: middle.step,
        spread: gaps.allSatisfy(\.isFinite) ? gaps.max()! : .infinity, rounding: middle.rounding)
    }
    return all.min { $0.uncertainty < $1.uncertainty }!
  }

  private init(slope: Double, step: Double, spread: Double, rounding: Double) {
    (self.slope, self.step, self.spread, self.rounding) = (slope, step, spread, rounding)
  }
}
