import Foundation

/// Everything a plan needs to run, allocated once: its arena, its pointer table, and the workspaces
/// of the loops in it. One run uses it at a time.
///
/// `@unchecked Sendable`: a workspace belongs to one run; runs hand it over through a lock.
final class Workspace: @unchecked Sendable {
  let plan: Plan
  let arena: UnsafeMutableRawPointer
  /// The arena, inputs, outputs and constants, in the order that locations count.
  let bases: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  /// Room for the block machine's operands.
  let pointers: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  let scratch: UnsafeMutableRawPointer
  /// Workspaces of loops by the kernel's position: one for a scan, step and pullback for a sweep,
  /// one a worker for a map, the remainder's behind them.
  private(set) var children: [[Workspace]] = []
  /// The order of the sweep whose step runs here.
  var schedule = BinomialSchedule(length: 0, snapshots: 1)
  /// Steps that sweeps have advanced here.
  var advancedSteps = 0

  init(_ plan: Plan, workers: Int, sweeping sweep: CheckpointedSweep? = nil) {
    self.plan = plan
    let entries = plan.constantBase + 1
    arena = Workspace.allocateArena(plan.arenaBytes)
    bases = .allocate(capacity: entries)
    bases.initialize(repeating: nil, count: entries)
    bases[0] = arena
    bases[plan.constantBase] = plan.constants.pointer
    pointers = .allocate(capacity: max(plan.maximumPointers, 1))
    pointers.initialize(repeating: nil, count: max(plan.maximumPointers, 1))
    scratch = .allocate(byteCount: max(plan.scratchBytes, 1), alignment: Buffer.alignment)
    children = plan.kernels.map { kernel in
      switch kernel {
      case .scan(let loop): [Workspace(loop.body, workers: workers)]
      case .checkpointedReverse(let sweep):
        [
          Workspace(sweep.advance, workers: workers, sweeping: sweep),
          Workspace(sweep.adjoint, workers: workers),
        ]
      case .map(let loop):
        (0..<max(1, min(workers, loop.blocks))).map { _ in Workspace(loop.body, workers: 1) }
          + (loop.remainder.map { [Workspace($0, workers: 1)] } ?? [])
      default: []
      }
    }
    if let sweep {
      schedule = BinomialSchedule(length: sweep.length, snapshots: sweep.snapshots)
    }
  }

  /// Steps that sweeps have advanced here and in the loops inside.
  var allAdvancedSteps: Int {
    children.reduce(advancedSteps) { $1.reduce($0) { $0 + $1.allAdvancedSteps } }
  }

  /// Large arenas ask for huge pages: touching them page by page takes as long as a first run.
  private static func allocateArena(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let hugePage = 2 << 20
    guard byteCount >= 2 * hugePage else {
      return .allocate(byteCount: max(byteCount, 1), alignment: Buffer.alignment)
    }
    let arena = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: hugePage)
    madvise(arena, byteCount, MADV_HUGEPAGE)
    return arena
  }

  deinit {
    arena.deallocate()
    bases.deallocate()
    pointers.deallocate()
    scratch.deallocate()
  }

  /// The address of a location.
  @inline(__always)
  func address(_ location: Location) -> UnsafeMutableRawPointer {
    bases[location.base].unsafelyUnwrapped + location.offset
  }
}
