import Foundation

/// A number that multiplies rates and changes over the steps.
public indirect enum Schedule: Sendable, Equatable {
  /// 1.
  case constant
  /// Multiplied by the factor after every so many steps: factor^⌊t/n⌋.
  case step(every: Int, factor: Double)
  /// decay^t.
  case exponential(decay: Double)
  /// f + (1 − f)(1 + cos(πt/T))/2: from 1 down to f.
  case cosine(final: Double)
  /// min(1, (t + 1)/n): a straight line up to 1.
  case warmup(steps: Int)
  /// One schedule after another, each counting its own time; the last takes all steps that are left.
  case sequence([Part])

  /// A schedule of a sequence and how many steps it lasts.
  public struct Part: Sendable, Equatable {
    /// What multiplies the rates.
    public var schedule: Schedule
    /// For how many steps; what the last part says is not read.
    public var steps: Int

    /// A part of the given length.
    public init(_ schedule: Schedule, steps: Int) {
      self.schedule = schedule
      self.steps = steps
    }
  }

  /// The number at step t of T, t counted from 0.
  public func multiplier(at step: Int, of total: Int) -> Double {
    switch self {
    case .constant: 1
    case .step(let every, let factor): pow(factor, Double(step / every))
    case .exponential(let decay): pow(decay, Double(step))
    case .cosine(let final):
      final + (1 - final) * 0.5 * (1 + cos(.pi * Double(step) / Double(total)))
    case .warmup(let steps): min(1, Double(step + 1) / Double(steps))
    case .sequence(let parts): Schedule.multiplier(parts, at: step, of: total)
    }
  }

  private static func multiplier(_ parts: [Part], at step: Int, of total: Int) -> Double {
    var start = 0
    for part in parts.dropLast() {
      if step < start + part.steps {
        return part.schedule.multiplier(at: step - start, of: part.steps)
      }
      start += part.steps
    }
    guard let last = parts.last else { return 1 }
    return last.schedule.multiplier(at: step - start, of: max(1, total - start))
  }
}
