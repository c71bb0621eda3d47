import CKernels
import Foundation
import Synchronization

/// Workers that share the large kernels of one run, one kernel at a time.
///
/// The worker that runs the plan calls the others to a kernel by counting up, and waits until their
/// shares are done. Those who wait look a while and then give their core to others, so that a busy
/// core costs time but does not multiply it. Who comes late is not waited for: a kernel is shared by
/// those who were there when it began.
final class Team: Sendable {
  /// Those who came, besides the worker that runs the plan.
  private let joined = Atomic<Int>(0)
  /// Twice how many kernels the others have been called to, one more while the next one is being
  /// written down; -1 when there are no more.
  private let call = Atomic<Int>(0)
  private let unfinished = Atomic<Int>(0)
  /// The kernel: its workspace's address, its position, and how many shares it has.
  private let workspace = Atomic<Int>(0)
  private let position = Atomic<Int>(0)
  private let shares = Atomic<Int>(0)

  /// How often somebody looks before it gives its core away.
  private static let looks = 4_000

  /// Runs a kernel of a workspace's plan with all who are there.
  func run(_ owner: Workspace, _ kernel: Int) {
    let count = 1 + joined.load(ordering: .acquiring)
    guard count > 1 else { return Executor.run(owner, kernel, .whole) }
    call.add(1, ordering: .sequentiallyConsistent)
    workspace.store(
      Int(bitPattern: Unmanaged.passUnretained(owner).toOpaque()), ordering: .relaxed)
    position.store(kernel, ordering: .relaxed)
    shares.store(count, ordering: .relaxed)
    unfinished.store(count - 1, ordering: .relaxed)
    call.add(1, ordering: .releasing)
    Executor.run(owner, kernel, Share(index: 0, count: count))
    Team.wait { unfinished.load(ordering: .acquiring) == 0 }
  }

  /// Sends the others home.
  func dismiss() { call.store(-1, ordering: .releasing) }

  /// Takes shares until there are no more kernels.
  func serve() {
    var seen = call.load(ordering: .acquiring)
    let index = joined.add(1, ordering: .acquiringAndReleasing).newValue
    while true {
      var now = seen
      Team.wait {
        now = call.load(ordering: .acquiring)
        return now == -1 || (now != seen && now % 2 == 0)
      }
      if now == -1 { return }
      let (kernel, count) = (position.load(ordering: .relaxed), shares.load(ordering: .relaxed))
      let address = workspace.load(ordering: .relaxed)
      // Who came late has no share in this kernel, is not waited for, and may have read two kernels
      // mixed: then the call has moved on.
      atomicMemoryFence(ordering: .acquiring)
      guard call.load(ordering: .relaxed) == now else { continue }
      seen = now
      guard index < count, let owner = UnsafeRawPointer(bitPattern: address) else { continue }
      Executor.run(
        Unmanaged<Workspace>.fromOpaque(owner).takeUnretainedValue(), kernel,
        Share(index: index, count: count))
      unfinished.subtract(1, ordering: .releasing)
    }
  }

  @inline(__always)
  private static func wait(until isSo: () -> Bool) {
    var looked = 0
    while !isSo() {
      looked += 1
      if looked < looks { mr_spin_pause() } else { sched_yield() }
    }
  }
}
