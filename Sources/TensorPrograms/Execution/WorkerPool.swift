import CKernels
import Foundation
import Synchronization

/// Threads that share the blocks of a loop with the thread that asks.
///
/// One job runs at a time; a job asked for while another runs, or from inside one, runs on the
/// asking thread alone. Waiting threads spin briefly, since the next job usually comes at once, and
/// then sleep. Nobody waits for a worker that has not come by the time the job is done, so that a
/// busy second core costs its help and nothing more.
final class WorkerPool: Sendable {
  private static let pools = Mutex<[Int: WorkerPool]>([:])

  /// The pool of so many workers, made when it is first asked for and kept: threads cost more than
  /// most programs.
  static func of(workers: Int) -> WorkerPool {
    pools.withLock { pools in
      if let pool = pools[workers] { return pool }
      let pool = WorkerPool(workers: workers)
      pools[workers] = pool
      return pool
    }
  }

  /// How often a waiting worker looks before it sleeps: about a millisecond, longer than what
  /// one outer step does between two jobs.
  private static let spins = 20_000

  /// A job, borrowed for as long as `run` lasts.
  ///
  /// `@unchecked Sendable`: `run` returns only after every worker is done with the pointer.
  private struct Job: @unchecked Sendable {
    let body: UnsafePointer<(Int) -> Void>
    let workers: Int
    /// How the asking thread computes, so that results do not depend on who computed them.
    let floatControl: UInt64
  }

  private static let isOpen = 1 << 16
  private static let one = 1 << 17
  private static func number(_ gate: Int) -> Int { gate / one }
  private static func active(_ gate: Int) -> Int { gate % isOpen }

  let workers: Int
  private let busy = Atomic<Bool>(false)
  /// The job's number, whether workers may still come, and how many are at it.
  private let gate = Atomic<Int>(0)
  private let job = Mutex<Job?>(nil)
  private let condition = NSCondition()
  /// What workers do between jobs, and whether there is any.
  private let background = Mutex<BackgroundWork?>(nil)
  private let hasBackground = Atomic<Bool>(false)

  private init(workers: Int) {
    self.workers = workers
    for index in 1..<max(workers, 1) {
      Thread.detachNewThread { [unowned self] in self.serve(index) }
    }
  }

  /// Calls `body` with 0..<count, each on its own thread where there are enough.
  func run(_ count: Int, _ body: (Int) -> Void) {
    let alone = count <= 1 || workers <= 1
    guard !alone,
      busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else {
      // Blocks are taken from a shared counter, so one caller does all of them.
      body(0)
      return
    }
    let helpers = min(count, workers) - 1
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { pointer in
        let control = mr_float_control()
        job.withLock { $0 = Job(body: pointer, workers: helpers, floatControl: control) }
        condition.lock()
        let number = WorkerPool.number(gate.load(ordering: .relaxed)) + 1
        gate.store(number * WorkerPool.one + WorkerPool.isOpen, ordering: .releasing)
        condition.broadcast()
        condition.unlock()
        body(0)
        gate.subtract(WorkerPool.isOpen, ordering: .acquiringAndReleasing)
        var looks = 0
        while WorkerPool.active(gate.load(ordering: .acquiring)) > 0 {
          looks += 1
          if looks < WorkerPool.spins { mr_spin_pause() } else { sched_yield() }
        }
        job.withLock { $0 = nil }
      }
    }
    busy.store(false, ordering: .releasing)
  }

  /// Has idle workers do pieces of some work. What was offered before is left to whoever needs it.
  func offer(_ work: BackgroundWork) {
    guard workers > 1 else { return }
    background.withLock {
      $0 = work
      hasBackground.store(true, ordering: .releasing)
    }
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }

  /// Does background work until there is no more of it, or a job that was not `seen`.
  private func doBackground(_ seen: Int) {
    guard let work = background.withLock({ $0 }) else { return }
    while WorkerPool.number(gate.load(ordering: .acquiring)) == seen {
      if work.doPiece() { continue }
      background.withLock {
        guard $0 === work else { return }
        $0 = nil
        hasBackground.store(false, ordering: .releasing)
      }
      return
    }
  }

  private func serve(_ index: Int) {
    var seen = 0
    while true {
      var looks = 0
      while WorkerPool.number(gate.load(ordering: .acquiring)) == seen {
        if hasBackground.load(ordering: .acquiring) {
          doBackground(seen)
          looks = 0
          continue
        }
        looks += 1
        guard looks > WorkerPool.spins else {
          mr_spin_pause()
          continue
        }
        condition.lock()
        while WorkerPool.number(gate.load(ordering: .acquiring)) == seen
          && !hasBackground.load(ordering: .acquiring)
        { condition.wait() }
        condition.unlock()
      }
      guard let number = enter() else {
        // Too late for this job.
        seen = WorkerPool.number(gate.load(ordering: .acquiring))
        continue
      }
      seen = number
      if let job = job.withLock({ $0 }), index <= job.workers {
        mr_set_float_control(job.floatControl)
        job.body.pointee(index)
      }
      gate.subtract(1, ordering: .acquiringAndReleasing)
    }
  }

  /// Joins the job whose gate is open and returns its number; nil where none is.
  private func enter() -> Int? {
    while true {
      let now = gate.load(ordering: .acquiring)
      guard now & WorkerPool.isOpen != 0 else { return nil }
      let (isIn, _) = gate.compareExchange(
        expected: now, desired: now + 1, ordering: .acquiringAndReleasing)
      if isIn { return WorkerPool.number(now) }
    }
  }
}
