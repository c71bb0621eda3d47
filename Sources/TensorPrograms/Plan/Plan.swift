/// Where a value lies: an entry of the run's pointer table and a distance in bytes from there.
package struct Location: Sendable, Hashable {
  var base: Int
  var offset: Int
}

/// A program made ready to run: kernels in order, with every value's place known beforehand.
///
/// `@unchecked Sendable`: the kernels are written by `init` and only read afterwards.
package final class Plan: @unchecked Sendable {
  /// How an output of a loop's body becomes an input of its next step.
  enum Passing: Sendable {
    /// It is written elsewhere than the input is read.
    case elsewhere
    /// It overwrites the input.
    case inPlace
    /// Another output, one that the loop stacks, is the input itself: each step reads its row of
    /// the stack and writes the next step's.
    case throughRowBefore(output: Int)
    /// Another output, one that the loop stacks, is the same value: each step writes it to its row
    /// of the stack, where the next step reads it.
    case throughRowAfter(output: Int)
  }

  let kernels: UnsafeBufferPointer<Kernel>
  /// Which kernels workers share.
  let isShared: UnsafeBufferPointer<Bool>
  /// What the kernels point to.
  private let memory: KernelMemory
  let inputTypes: [TensorType]
  let outputTypes: [TensorType]
  let outputByteCounts: [Int]
  let constants: Buffer
  /// Bytes of intermediate values of this plan alone.
  let arenaBytes: Int
  /// How each output that becomes an input of the next step does so.
  let passing: [Passing]
  let maximumPointers: Int
  let scratchBytes: Int
  /// About how many operations of a run workers could share, those of loops included.
  let operations: Int
  /// Those of kernels, and of loops that run ahead, for which that is worth while.
  let sharedOperations: Int

  init(
    kernels: [Kernel], memory: KernelMemory, inputTypes: [TensorType], outputTypes: [TensorType],
    constants: Buffer, arenaBytes: Int, passing: [Passing]
  ) {
    self.memory = memory
    self.kernels = UnsafeBufferPointer(
      start: memory.keep(elements: kernels), count: kernels.count)
    isShared = UnsafeBufferPointer(
      start: memory.keep(elements: kernels.map(\.isShared)), count: kernels.count)
    self.inputTypes = inputTypes
    self.outputTypes = outputTypes
    outputByteCounts = outputTypes.map(\.byteCount)
    self.constants = constants
    self.arenaBytes = arenaBytes
    self.passing = passing
    var (pointers, scratch) = (0, 0)
    for kernel in kernels {
      switch kernel {
      case .cluster(let cluster):
        pointers = max(pointers, cluster.inputCount + cluster.outputCount)
        scratch = max(scratch, cluster.scratchBytes)
      case .product(let product): scratch = max(scratch, product.scratchBytes)
      case .windowProduct(let product): scratch = max(scratch, product.scratchBytes)
      case .order(let order): scratch = max(scratch, order.scratchBytes)
      default: break
      }
    }
    maximumPointers = pointers
    scratchBytes = scratch
    operations = kernels.reduce(0) { sum, kernel in
      switch kernel {
      case .scan(let loop):
        sum + loop.length * (loop.body.operations + (loop.ahead?.operations ?? 0))
      case .checkpointedReverse(let sweep):
        sum + sweep.length * (sweep.advance.operations + sweep.adjoint.operations)
      default: sum + kernel.sharedOperations
      }
    }
    sharedOperations = kernels.reduce(0) { sum, kernel in
      switch kernel {
      case .scan(let loop):
        // Whatever runs ahead is shared, and so is what runs beside it.
        sum + loop.length
          * (loop.ahead.map { $0.operations + loop.body.operations } ?? loop.body.sharedOperations)
      case .checkpointedReverse(let sweep):
        sum + sweep.length * (sweep.advance.sharedOperations + sweep.adjoint.sharedOperations)
      default: sum + (kernel.isShared ? kernel.sharedOperations : 0)
      }
    }
  }

  /// Whether one cannot tell that sharing the kernels pays, or that it does not: they are so short
  /// that signals between workers matter. Of loops in the plan their own bodies can tell.
  var isSharingUncertain: Bool {
    sharedOperations > 0 && sharedOperations < Plan.certainOperations
      && !kernels.contains { $0.kind == .loops }
  }

  /// Whether sharing kernels pays for certain, here or in a loop: they are long.
  var isSharingCertain: Bool {
    kernels.contains { $0.bodies.contains { $0.plan.isSharingCertain } }
      || kernels.reduce(0) { $0 + ($1.isShared ? $1.sharedOperations : 0) }
        >= Plan.certainOperations
  }

  /// A millisecond's work.
  private static let certainOperations = 10_000_000

  /// Entries of the pointer table: the arena, inputs, outputs, constants.
  static func inputBase(_ position: Int) -> Int { 1 + position }
  func outputBase(_ position: Int) -> Int { 1 + inputTypes.count + position }
  var constantBase: Int { 1 + inputTypes.count + outputTypes.count }

  /// Bytes of all outputs, each at a place of its own.
  var outputBytes: Int { outputTypes.reduce(0) { $0 + Buffer.aligned($1.byteCount) } }

  /// Of how many steps what runs ahead is kept at a time: of the one that reads it, and of the next
  /// where another worker writes that meanwhile.
  static func stepsKept(workers: Int) -> Int { workers > 1 ? 2 : 1 }

  /// Bytes that a run needs besides inputs and outputs: intermediate values, constants, and those
  /// of loop bodies (each worker's own, where tasks run side by side).
  package func peakBytes(workers: Int) -> Int {
    var bytes = arenaBytes + constants.byteCount + workers * scratchBytes
    for kernel in kernels {
      switch kernel {
      case .scan(let loop):
        bytes += loop.body.peakBytes(workers: workers)
        if let ahead = loop.ahead {
          bytes += ahead.peakBytes(workers: workers)
          bytes += Plan.stepsKept(workers: workers) * ahead.outputBytes
        }
      case .checkpointedReverse(let sweep):
        bytes +=
          sweep.advance.peakBytes(workers: workers) + sweep.adjoint.peakBytes(workers: workers)
      case .map(let loop):
        bytes +=
          loop.body.peakBytes(workers: 1) * min(workers, loop.wholeBlocks)
          + (loop.remainder?.peakBytes(workers: 1) ?? 0)
      default: break
      }
    }
    return bytes
  }
}
