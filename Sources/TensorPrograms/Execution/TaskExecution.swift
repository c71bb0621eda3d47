import CKernels
import Foundation
import Synchronization

extension Loops {
  /// Runs a loop's blocks of tasks, and adds up what they sum.
  ///
  /// Each worker begins with blocks of its own, the same ones in every run, whose operands its
  /// caches may still hold, and then helps others. Sums are added in a tree whose form the number
  /// of blocks decides: results have the same bits whoever adds, and most of it adds who computed
  /// it.
  static func run(_ loop: TaskLoop, _ outer: Workspace, _ workspaces: [Workspace]) {
    guard loop.blocks > 0 else {
      for position in loop.results.indices where loop.outputs[position] == .summed {
        memset(outer.address(loop.results[position]), 0, loop.resultBytes[position])
      }
      return
    }
    let bodies = loop.remainder == nil ? workspaces.count : workspaces.count - 1
    // Blocks or else workers have workspaces of their own. The last block has one in either case:
    // where all have, another worker can run it beside them.
    let isOneEach = bodies == loop.wholeBlocks
    let workers = isOneEach ? loop.blocks : bodies
    withUnsafeTemporaryAllocation(of: Atomic<Int>.self, capacity: 2 * loop.blocks) { counts in
      for index in counts.indices { counts.initializeElement(at: index, to: Atomic(0)) }
      let taken = counts.baseAddress!
      let arrived = taken + loop.blocks
      outer.execution.pool.run(workers) { worker in
        let first = worker * loop.blocks / workers
        for block in [first..<loop.blocks, 0..<first].joined()
        where taken[block].exchange(1, ordering: .relaxed) == 0 {
          let own = block == loop.wholeBlocks ? bodies : isOneEach ? block : worker
          runBlock(loop, block, outer, workspaces[own])
          add(loop, block, 0..<loop.blocks, arrived, outer)
        }
      }
    }
  }

  private static func runBlock(
    _ loop: TaskLoop, _ block: Int, _ outer: Workspace, _ inner: Workspace
  ) {
    let bases = inner.bases
    let first = block * loop.block
    for (position, location) in loop.constants.enumerated() {
      bases[Plan.inputBase(position)] = outer.address(location)
    }
    let firstSlice = Plan.inputBase(loop.constants.count)
    for position in loop.slices.indices {
      bases[firstSlice + position] =
        outer.address(loop.slices[position]) + first * loop.sliceBytes[position]
    }
    for position in loop.results.indices {
      bases[inner.plan.outputBase(position)] =
        switch loop.outputs[position] {
        case .stacked:
          outer.address(loop.results[position]) + first * loop.resultBytes[position]
        case .summed: sum(loop, position, from: block, outer)
        }
    }
    Executor.run(inner)
  }

  /// Where the sum over some of the blocks is, by the first of them.
  private static func sum(
    _ loop: TaskLoop, _ position: Int, from block: Int, _ outer: Workspace
  ) -> UnsafeMutableRawPointer {
    block == 0
      ? outer.address(loop.results[position])
      : outer.address(loop.partials[position]) + (block - 1) * loop.resultBytes[position]
  }

  /// A block of a range of blocks is done: adds up the range if it was the last.
  ///
  /// - Parameter arrived: how many halves are done of the range whose second half begins with each
  ///   block.
  /// - Returns: Whether it was the last.
  @discardableResult
  private static func add(
    _ loop: TaskLoop, _ block: Int, _ range: Range<Int>,
    _ arrived: UnsafeMutablePointer<Atomic<Int>>, _ outer: Workspace
  ) -> Bool {
    guard range.count > 1 else { return true }
    let middle = (range.lowerBound + range.upperBound + 1) / 2
    let half = block < middle ? range.lowerBound..<middle : middle..<range.upperBound
    guard add(loop, block, half, arrived, outer),
      arrived[middle].add(1, ordering: .acquiringAndReleasing).newValue == 2
    else { return false }
    for position in loop.results.indices where loop.outputs[position] == .summed {
      let x = sum(loop, position, from: range.lowerBound, outer)
      let y = sum(loop, position, from: middle, outer)
      let count = Int64(loop.types[position].shape.count)
      switch loop.types[position].scalar {
      case .float32:
        mr_add_to_f32(
          y.assumingMemoryBound(to: Float.self), x.assumingMemoryBound(to: Float.self), count)
      case .float64:
        mr_add_to_f64(
          y.assumingMemoryBound(to: Double.self), x.assumingMemoryBound(to: Double.self), count)
      case .int32: fatalError("sums are floating-point")
      }
    }
    return true
  }
}
