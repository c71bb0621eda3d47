import CKernels
import Foundation
import Synchronization

/// Workers that share one run: its large kernels, one at a time, or a loop's step and the next.
///
/// The worker that runs the plan writes a kernel down and offers its shares; whoever looks takes
/// one after the other, that worker too. It waits only for shares that somebody has begun: a worker
/// whose core is busy with other things costs its help and nothing more. Those who wait look a
/// while and then give their core to others.
final class Team: Sendable {
  /// Those who came, besides the worker that runs the plan.
  private let joined = Atomic<Int>(0)
  /// The offer: its number, how many shares it has, how many of them are taken; -1 when there are
  /// no more. As long as it stands unchanged, so does the kernel that is written down.
  private let offer = Atomic<Int>(0)
  /// Shares of the offer that are not done.
  private let undone = Atomic<Int>(0)
  /// The kernel: its workspace's address and its position.
  private let workspace = Atomic<Int>(0)
  private let position = Atomic<Int>(0)

  /// How often somebody looks before it gives its core away.
  private static let looks = 4_000
  private static let mostShares = 255

  /// Runs a kernel of a workspace's plan with all who are there.
  func run(_ owner: Workspace, _ kernel: Int) {
    let count = min(1 + joined.load(ordering: .relaxed), Team.mostShares)
    guard count > 1 else { return Executor.run(owner, kernel, .whole) }
    makeOffer(owner, kernel, shares: count)
    while let share = take() { work(owner, kernel, share) }
    Team.wait { undone.load(ordering: .acquiring) == 0 }
  }

  /// Runs the plan of a loop's step and, beside it, what was prepared to run ahead.
  func runBesideAhead(_ owner: Workspace) {
    makeOffer(owner, Team.stepAndAhead, shares: 2)
    while let share = take() { work(owner, Team.stepAndAhead, share) }
    Team.wait { undone.load(ordering: .acquiring) == 0 }
  }

  /// Stands for a kernel's position: the first share is the plan, the second what runs ahead of it.
  private static let stepAndAhead = -1

  /// Whether another comes in so many seconds.
  func isJoined(within seconds: Double) -> Bool {
    let end = MonotonicClock.nanoseconds + Int(seconds * 1e9)
    Team.wait { joined.load(ordering: .relaxed) > 0 || MonotonicClock.nanoseconds > end }
    return joined.load(ordering: .relaxed) > 0
  }

  /// Has another run a kernel, waiting for as long as it takes: to measure that. Somebody must have
  /// joined.
  func handOver(_ owner: Workspace, _ kernel: Int) {
    makeOffer(owner, kernel, shares: 1)
    Team.wait { undone.load(ordering: .acquiring) == 0 }
  }

  private func makeOffer(_ owner: Workspace, _ kernel: Int, shares count: Int) {
    workspace.store(
      Int(bitPattern: Unmanaged.passUnretained(owner).toOpaque()), ordering: .relaxed)
    position.store(kernel, ordering: .relaxed)
    undone.store(count, ordering: .relaxed)
    let number = (offer.load(ordering: .relaxed) >> 16) + 1
    offer.store(number << 16 | count << 8, ordering: .releasing)
  }

  /// Sends the others home.
  func dismiss() { offer.store(-1, ordering: .releasing) }

  /// Takes shares until there are no more kernels.
  func serve() {
    joined.add(1, ordering: .relaxed)
    while true {
      var standing = 0
      Team.wait {
        standing = offer.load(ordering: .acquiring)
        return standing == -1 || Team.isOpen(standing)
      }
      if standing == -1 { return }
      let kernel = position.load(ordering: .relaxed)
      let address = workspace.load(ordering: .relaxed)
      // The kernel that was read is the one of the share, as the offer has not changed in between.
      guard let share = take(standing), let owner = UnsafeRawPointer(bitPattern: address) else {
        continue
      }
      work(Unmanaged<Workspace>.fromOpaque(owner).takeUnretainedValue(), kernel, share)
    }
  }

  private func work(_ owner: Workspace, _ kernel: Int, _ share: Share) {
    if kernel == Team.stepAndAhead {
      Executor.run(share.index == 0 ? owner : owner.ahead!.workspace)
    } else {
      Executor.run(owner, kernel, share)
    }
    undone.subtract(1, ordering: .acquiringAndReleasing)
  }

  /// A share of the offer; nil where all are taken.
  private func take() -> Share? {
    while true {
      let standing = offer.load(ordering: .relaxed)
      guard Team.isOpen(standing) else { return nil }
      if let share = take(standing) { return share }
    }
  }

  /// The next share of an offer that was seen; nil where it has changed since.
  private func take(_ standing: Int) -> Share? {
    let isTaken = offer.compareExchange(
      expected: standing, desired: standing + 1, ordering: .acquiringAndReleasing
    ).exchanged
    return isTaken ? Share(index: standing & 0xFF, count: standing >> 8 & 0xFF) : nil
  }

  private static func isOpen(_ offer: Int) -> Bool { offer & 0xFF < offer >> 8 & 0xFF }

  @inline(__always)
  private static func wait(until isSo: () -> Bool) {
    var looked = 0
    while !isSo() {
      looked += 1
      if looked < looks { mr_spin_pause() } else { sched_yield() }
    }
  }
}
