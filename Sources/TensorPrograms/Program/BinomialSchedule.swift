/// The order in which a loop is reversed with few kept states: Griewank and Walther's, which
/// advances as rarely as any order can.
///
/// Slot 0 holds the state before the first step from the start and counts as one of the snapshots.
/// An adjoint begins at the state before its step; the forward half inside it is no advance. It is
/// an iterator without recursion: what is still to be done follows from the steps whose states are
/// kept, how many steps are left, and where the working state stands.
package struct BinomialSchedule: Sequence, IteratorProtocol, Sendable {
  /// What to do next. States are named by the number of steps before them.
  package enum Action: Hashable, Sendable {
    /// Runs the working state forward.
    case advance(from: Int, to: Int)
    /// Keeps the working state in a slot.
    case snapshot(slot: Int)
    /// Makes a kept state the working state.
    case restore(slot: Int)
    /// Pulls cotangents back through the step that follows the working state.
    case adjoint(step: Int)
  }

  /// Steps of the loop.
  package let length: Int
  /// States that may be kept at a time, the first one included.
  package let snapshots: Int
  /// The state in each slot that is in use.
  private var kept: [Int] = []
  /// Steps that have not been pulled back.
  private var remaining = 0
  /// The working state, where it is worth anything.
  private var position: Int?

  package init(length: Int, snapshots: Int) {
    require(length >= 0, "a loop cannot have \(length) steps")
    require(snapshots >= 1, "a loop is reversed with at least one snapshot, found \(snapshots)")
    self.length = length
    self.snapshots = snapshots
    kept.reserveCapacity(Swift.min(snapshots, Swift.max(length, 1)))
    restart()
  }

  /// Begins anew, in the memory that is there.
  package mutating func restart() {
    kept.removeAll(keepingCapacity: true)
    kept.append(0)
    remaining = length
    position = nil
  }

  package mutating func next() -> Action? {
    guard remaining > 0 else { return nil }
    guard let position else {
      self.position = kept[kept.count - 1]
      return .restore(slot: kept.count - 1)
    }
    if position == remaining - 1 {
      remaining -= 1
      if kept[kept.count - 1] == position { kept.removeLast() }
      self.position = nil
      return .adjoint(step: position)
    }
    guard position == kept[kept.count - 1] else {
      kept.append(position)
      return .snapshot(slot: kept.count - 1)
    }
    let target =
      kept.count == snapshots
      ? remaining - 1
      : position
        + BinomialSchedule.split(remaining - position, snapshots: snapshots - kept.count + 1)
    self.position = target
    return .advance(from: position, to: target)
  }

  /// How many steps are advanced: r·l − C(s+r, r−1), r the least with C(s+r, s) ≥ l.
  package static func advancedSteps(length: Int, snapshots: Int) -> Int {
    guard length > 1 else { return 0 }
    let (repetitions, reach) = repetitions(length, snapshots)
    // C(s+r, r−1) = C(s+r, s) · r / (s+1)
    return repetitions * length - reach * repetitions / (snapshots + 1)
  }

  /// The least r with C(s+r, s) ≥ l, and that binomial coefficient.
  private static func repetitions(_ length: Int, _ snapshots: Int) -> (count: Int, reach: Int) {
    var (count, reach) = (0, 1)
    while reach < length {
      count += 1
      reach = reach * (snapshots + count) / count
    }
    return (count, reach)
  }

  /// How far to advance from a kept state before the next snapshot, with `snapshots` states for
  /// `length` steps, the one advanced from included; both at least two.
  private static func split(_ length: Int, snapshots: Int) -> Int {
    let (count, reach) = repetitions(length, snapshots)
    // C(s+r−1, s) and C(s+r−2, s−1), from C(s+r, s)
    let before = reach * count / (snapshots + count)
    let beside = before * snapshots / (snapshots + count - 1)
    return Swift.min(before, length - beside)
  }
}
