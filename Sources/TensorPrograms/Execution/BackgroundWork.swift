import CKernels
import Synchronization

/// Small pieces of work that workers do while no job keeps them busy, such as drawing the next
/// step's data while this one runs.
///
/// Pieces are done once each, in any order and by any threads; results must not depend on either.
/// Whoever needs what they make calls `finish`, which does what is left.
package final class BackgroundWork: Sendable {
  private let count: Int
  private let body: @Sendable (Int) -> Void
  /// How the thread that asked computes.
  private let floatControl = mr_float_control()
  private let taken = Atomic<Int>(0)
  private let done = Atomic<Int>(0)

  /// Begins with so many pieces.
  package init(count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    self.count = count
    self.body = body
    if count > 0 { Execution.current.pool.offer(self) }
  }

  /// Does one piece that nobody has begun.
  ///
  /// - Returns: Whether there was one.
  func doPiece() -> Bool {
    guard taken.load(ordering: .relaxed) < count else { return false }
    let piece = taken.add(1, ordering: .relaxed).oldValue
    guard piece < count else { return false }
    let control = mr_float_control()
    mr_set_float_control(floatControl)
    body(piece)
    mr_set_float_control(control)
    done.add(1, ordering: .releasing)
    return true
  }

  /// Returns when all pieces are done.
  package func finish() {
    while doPiece() {}
    while done.load(ordering: .acquiring) < count { mr_spin_pause() }
  }
}
