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
  /// Workspaces of loops by the kernel's position: one for a scan, one a worker for a map, the
  /// remainder's behind them.
  private(set) var children: [[Workspace]]

  init(_ plan: Plan, workers: Int) {
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
      case .map(let loop):
        (0..<max(1, min(workers, loop.blocks))).map { _ in Workspace(loop.body, workers: 1) }
          + (loop.remainder.map { [Workspace($0, workers: 1)] } ?? [])
      default: []
      }
    }
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
