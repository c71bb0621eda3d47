import Foundation
import Synchronization

/// Everything a plan needs to run, allocated once: its arena, its pointer table, and the workspaces
/// of the loops in it. One run uses it at a time.
///
/// `@unchecked Sendable`: a workspace belongs to one run; runs hand it over through a lock.
final class Workspace: @unchecked Sendable {
  let plan: Plan
  /// Whose threads run it.
  let execution: Execution
  let arena: UnsafeMutableRawPointer
  /// The arena, inputs, outputs and constants, in the order that locations count.
  let bases: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  /// Room for the block machine's operands, and for kernels to work in: a worker's behind
  /// another's.
  private let pointers: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  private let scratch: UnsafeMutableRawPointer
  private let scratchStride: Int
  /// Who shares the large kernels that run here; nil where one worker runs alone.
  private(set) var team: Team?
  /// Who runs the next step's part ahead, beside the rest of this one, which then runs unshared.
  private(set) var partner: Team?
  /// Who could.
  private var admitted: Team?
  /// Whether they do, where steps of a loop run here of which that is not clear.
  private var sharing: SharingTrial?
  /// What of a loop's step can run ahead, where the rest of it runs here.
  let ahead: StepAheadWorkspace?
  /// What kernels take, while a function is profiled.
  private(set) var timings: KernelTimings?
  /// Workspaces of loops by the kernel's position: one for a scan, step and pullback for a sweep,
  /// one per worker or whole block for a map, whichever are fewer, the remainder's behind them.
  private(set) var children: [[Workspace]] = []
  /// The order of the sweep whose step runs here.
  var schedule = BinomialSchedule(length: 0, snapshots: 1)
  /// Steps that sweeps have advanced here.
  var advancedSteps = 0

  /// - Parameters:
  ///   - workers: how many of them may be at work here at a time.
  ///   - steps: how often a loop runs the plan at a time; 0 for a plan that is no loop's.
  ///   - ahead: what of a step can run ahead of the plan.
  ///   - isDecided: whether a loop around this one finds out how its kernels are shared.
  init(
    _ plan: Plan, on execution: Execution, workers: Int, steps: Int = 0, ahead: Plan? = nil,
    isDecided: Bool = false, sweeping sweep: CheckpointedSweep? = nil
  ) {
    self.plan = plan
    self.execution = execution
    self.ahead = ahead.map { StepAheadWorkspace($0, on: execution, workers: workers) }
    let pace = ahead == nil ? SharingTrial.Pace.kernels : .loops
    let isTried =
      execution.sharing == .tried && !isDecided && steps >= pace.leastSteps
      && (ahead != nil || plan.isSharingUncertain)
    sharing = isTried ? SharingTrial(pace) : nil
    let isDecided = isDecided || ahead != nil
    let entries = plan.constantBase + 1
    arena = Workspace.allocateArena(plan.arenaBytes, execution.pool)
    bases = .allocate(capacity: entries)
    bases.initialize(repeating: nil, count: entries)
    bases[0] = arena
    bases[plan.constantBase] = plan.constants.pointer
    let pointerCount = max(plan.maximumPointers, 1) * max(workers, 1)
    pointers = .allocate(capacity: pointerCount)
    pointers.initialize(repeating: nil, count: pointerCount)
    // A cache line between two workers' scratch.
    scratchStride = (plan.scratchBytes + 2 * Buffer.alignment - 1) & -Buffer.alignment
    scratch = .allocate(
      byteCount: scratchStride * max(workers, 1), alignment: Buffer.alignment)
    children = plan.kernels.map { kernel in
      switch kernel {
      case .scan(let loop):
        [
          Workspace(
            loop.body, on: execution, workers: workers, steps: loop.length, ahead: loop.ahead,
            isDecided: isDecided)
        ]
      case .checkpointedReverse(let sweep):
        [
          Workspace(
            sweep.advance, on: execution, workers: workers, steps: sweep.length,
            isDecided: isDecided, sweeping: sweep.value),
          Workspace(
            sweep.adjoint, on: execution, workers: workers, steps: sweep.length,
            isDecided: isDecided),
        ]
      case .map(let loop):
        (0..<min(workers, loop.wholeBlocks)).map { _ in
          Workspace(loop.body, on: execution, workers: 1)
        } + (loop.remainder.map { [Workspace($0, on: execution, workers: 1)] } ?? [])
      default: []
      }
    }
    if let sweep {
      schedule = BinomialSchedule(length: sweep.length, snapshots: sweep.snapshots)
    }
  }

  /// Steps that sweeps have advanced here and in the loops inside.
  var allAdvancedSteps: Int {
    children.joined().reduce(advancedSteps + (ahead?.workspace.allAdvancedSteps ?? 0)) {
      $0 + $1.allAdvancedSteps
    }
  }

  /// Large arenas ask for huge pages, and all workers fetch these from the system: page by page, by
  /// one worker, that takes as long as a first run, and longer where a host has to give them first.
  static func allocateArena(
    _ byteCount: Int, _ pool: WorkerPool
  ) -> UnsafeMutableRawPointer {
    MemoryAllowance.take(byteCount)
    let (hugePage, smallPage) = (2 << 20, 4 << 10)
    guard byteCount >= 2 * hugePage else {
      return .allocate(byteCount: max(byteCount, 1), alignment: Buffer.alignment)
    }
    let arena = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: hugePage)
    madvise(arena, byteCount, MADV_HUGEPAGE)
    let next = Atomic<Int>(0)
    pool.run(pool.workers) { _ in
      while true {
        let first = next.add(hugePage, ordering: .relaxed).oldValue
        if first >= byteCount { return }
        for page in stride(from: first, to: min(first + hugePage, byteCount), by: smallPage) {
          arena.storeBytes(of: 0, toByteOffset: page, as: UInt8.self)
        }
      }
    }
    return arena
  }

  deinit {
    arena.deallocate()
    MemoryAllowance.giveBack(plan.arenaBytes)
    bases.deallocate()
    pointers.deallocate()
    scratch.deallocate()
  }

  /// A worker's room for operands of the block machine.
  @inline(__always)
  func pointers(of worker: Int) -> UnsafeMutablePointer<UnsafeMutableRawPointer?> {
    pointers + worker * plan.maximumPointers
  }

  /// A worker's room to work in.
  @inline(__always)
  func scratch(of worker: Int) -> UnsafeMutableRawPointer { scratch + worker * scratchStride }

  private var sharesKernels: Bool { execution.sharing != .ahead && sharing?.isShared != false }

  /// Whether a partner, where one is there, runs a part of the next step beside this one.
  var runsAhead: Bool { ahead != nil && !sharesKernels }

  /// Lets a team share the kernels of the plan and of its loops, or, with nil, nobody.
  func admit(_ team: Team?) {
    admitted = team
    self.team = sharesKernels ? team : nil
    partner = runsAhead ? team : nil
    let rest = runsAhead ? nil : team
    ahead?.workspace.admit(rest)
    for (kernel, workspaces) in zip(plan.kernels, children) {
      if case .map = kernel { continue }
      for child in workspaces { child.admit(rest) }
    }
  }

  /// A loop begins to run its steps here.
  func beginSteps() { sharing?.begin() }

  /// A step has been run. While kernels are timed, nothing is tried.
  @inline(__always)
  func endStep() {
    guard admitted != nil, sharing != nil, timings == nil, sharing!.advance() else { return }
    admit(admitted)
  }

  /// Begins to count, from nothing, what the kernels of the plan and of its loops take, or ends it.
  func time(_ isTimed: Bool) {
    timings = isTimed ? KernelTimings(kernels: plan.kernels.count) : nil
    for child in children.joined() { child.time(isTimed) }
    ahead?.workspace.time(isTimed)
  }

  /// The address of a location.
  @inline(__always)
  func address(_ location: Location) -> UnsafeMutableRawPointer {
    bases[location.base].unsafelyUnwrapped + location.offset
  }
}
