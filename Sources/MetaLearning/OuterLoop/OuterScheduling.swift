import TensorPrograms

/// Where an outer step's inner runs begin.
public enum Cadence: Sendable, Equatable {
  /// At their first step: every outer step trains new runs.
  case restarted
  /// Where those of the outer step before stopped: an outer step every so many inner steps of the
  /// same runs. They begin anew after `windows` outer steps; nil for never.
  case carried(windows: Int?)
}

/// How many inner steps an outer step trains, of T at most.
public enum Horizon: Sendable, Equatable {
  /// All T inner steps.
  case fixed
  /// From the given number, doubled every so many outer steps, up to T.
  case growing(from: Int, every: Int)
  /// Drawn anew for each outer step from T, T/2, T/4, …, none below the given number.
  case random(lowest: Int)

  /// The inner steps of an outer step, which depend on nothing but its number and the seed.
  public func steps(at step: Int, of total: Int, seed: UInt64) -> Int {
    switch self {
    case .fixed: return total
    case .growing(let from, let every):
      let doublings = step / every
      return doublings > 40 ? total : min(total, from << doublings)
    case .random(let lowest):
      let lengths = Array(sequence(first: total) { $0 / 2 >= max(1, lowest) ? $0 / 2 : nil })
      var stream = RandomStream(seed: seed, purpose: "horizon", index: UInt64(step))
      return lengths[stream.integer(below: lengths.count)]
    }
  }
}
