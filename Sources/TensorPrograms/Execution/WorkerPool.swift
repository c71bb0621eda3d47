import CKernels
import Foundation
import Synchronization

/// Threads that share the blocks of a loop with the thread that asks.
///
/// One job runs at a time; a job asked for while another runs, or from inside one, runs on the
/// asking thread alone. Waiting threads spin briefly, since the next job usually comes at once, and
/// then sleep, so that a busy second core costs time but does not multiply it.
final class WorkerPool: Sendable {
  /// The pool of this process, one worker a core.
  static let shared = WorkerPool(workers: defaultWorkers)

  /// `METARATE_WORKERS`, or the number of cores that this process may use.
  static let defaultWorkers: Int = {
    if let text = ProcessInfo.processInfo.environment["METARATE_WORKERS"], let count = Int(text),
      count > 0
    {
      return count
    }
    return max(1, ProcessInfo.processInfo.activeProcessorCount)
  }()

  /// How often a waiting thread looks before it sleeps: some tenths of a millisecond, longer than
  /// what one outer step does between two jobs.
  private static let spins = 20_000

  /// A job, borrowed for as long as `run` lasts.
  ///
  /// `@unchecked Sendable`: `run` returns only after every worker is done with the pointer.
  private struct Job: @unchecked Sendable {
    let body: UnsafePointer<(Int) -> Void>
    let workers: Int
  }

  let workers: Int
  private let busy = Atomic<Bool>(false)
  private let generation = Atomic<Int>(0)
  private let unfinished = Atomic<Int>(0)
  private let job = Mutex<Job?>(nil)
  private let condition = NSCondition()

  init(workers: Int) {
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
        unfinished.store(workers - 1, ordering: .relaxed)
        job.withLock { $0 = Job(body: pointer, workers: helpers) }
        condition.lock()
        generation.add(1, ordering: .releasing)
        condition.broadcast()
        condition.unlock()
        body(0)
        var looks = 0
        while unfinished.load(ordering: .acquiring) > 0 {
          looks += 1
          if looks < WorkerPool.spins { mr_spin_pause() } else { sched_yield() }
        }
        job.withLock { $0 = nil }
      }
    }
    busy.store(false, ordering: .releasing)
  }

  private func serve(_ index: Int) {
    var seen = 0
    while true {
      var looks = 0
      while generation.load(ordering: .acquiring) == seen {
        looks += 1
        guard looks > WorkerPool.spins else {
          mr_spin_pause()
          continue
        }
        condition.lock()
        while generation.load(ordering: .acquiring) == seen { condition.wait() }
        condition.unlock()
      }
      seen += 1
      if let job = job.withLock({ $0 }), index <= job.workers { job.body.pointee(index) }
      unfinished.subtract(1, ordering: .acquiringAndReleasing)
    }
  }
}
