import CKernels

/// Where a value lies: an entry of the run's pointer table and a distance in bytes from there.
package struct Location: Sendable, Hashable {
  var base: Int
  var offset: Int
}

/// What the executor can do: the instructions of a plan. A closed set of its own, coarser than the
/// primitives in places (a cluster is many of them) and finer in others (a padding is two).
package enum Kernel: Sendable {
  case cluster(Cluster)
  case product(MatrixProduct)
  case reduction(Reduction)
  case copy(StridedCopy)
  case fill(Fill)
  case convert(Conversion)
  case gather(RowMove)
  case scatterAdd(RowMove)
  case windows(WindowMove)
  case scan(ScanLoop)
  case checkpointedReverse(CheckpointedSweep)
  case map(TaskLoop)
}

/// Elementwise equations over one iteration space, run block by block in cache.
///
/// `@unchecked Sendable`: the C description is written by `init` and only read afterwards.
package final class Cluster: @unchecked Sendable {
  let scalar: ScalarType
  let count: Int
  let inputs: [Location]
  let outputs: [Location]
  let scratchBytes: Int
  let operationCount: Int
  let description: UnsafeMutablePointer<mr_cluster>

  init(
    scalar: ScalarType, shape: [Int], code: [mr_instruction], accesses: [mr_access],
    inputs: [Location], outputValues: [UInt16], outputs: [Location], slots: Int
  ) {
    func copied<Element>(_ array: [Element]) -> UnsafeMutablePointer<Element> {
      let pointer = UnsafeMutablePointer<Element>.allocate(capacity: max(array.count, 1))
      pointer.initialize(from: array, count: array.count)
      return pointer
    }
    self.scalar = scalar
    self.count = shape.reduce(1, *)
    self.inputs = inputs
    self.outputs = outputs
    operationCount = code.count
    description = .allocate(capacity: 1)
    description.initialize(
      to: mr_cluster(
        code: copied(code), code_count: Int32(code.count), accesses: copied(accesses),
        input_count: Int32(inputs.count), output_values: copied(outputValues),
        output_count: Int32(outputs.count), shape: copied(shape.map(Int64.init)),
        rank: Int32(shape.count), slot_count: Int32(slots)))
    scratchBytes = mr_cluster_scratch_bytes(description, Int32(scalar.byteCount))
  }

  deinit {
    description.pointee.code.deallocate()
    description.pointee.accesses.deallocate()
    description.pointee.output_values.deallocate()
    description.pointee.shape.deallocate()
    description.deallocate()
  }
}

/// Products of `batch` matrices; a stride of 0 repeats an operand.
package struct MatrixProduct: Sendable {
  var scalar: ScalarType
  var rows: Int
  var columns: Int
  var inner: Int
  var transposeLeft: Bool
  var transposeRight: Bool
  var batch: Int
  var leftStride: Int
  var rightStride: Int
  var left: Location
  var right: Location
  var result: Location

  /// Multiplications and additions.
  var operations: Int { 2 * rows * columns * inner * batch }

  /// What the C kernel is told.
  var description: mr_products {
    mr_products(
      rows: Int64(rows), columns: Int64(columns), inner: Int64(inner), count: Int64(batch),
      left_stride: Int64(leftStride), right_stride: Int64(rightStride),
      left_transposed: transposeLeft ? 1 : 0, right_transposed: transposeRight ? 1 : 0)
  }

  /// A share of the work: of several products some, of one some columns or rows of its result.
  func part(_ share: Share) -> mr_part {
    var part = mr_part(
      first_product: 0, end_product: Int64(batch), first_row: 0, end_row: Int64(rows),
      first_column: 0, end_column: Int64(columns))
    func cut(_ count: Int, _ multiple: Int) -> (Int64, Int64) {
      let range = share.range(of: count, inMultiplesOf: multiple)
      return (Int64(range.lowerBound), Int64(range.upperBound))
    }
    if batch >= share.count {
      (part.first_product, part.end_product) = cut(batch, 1)
    } else if columns >= MatrixProduct.stripe * share.count {
      (part.first_column, part.end_column) = cut(columns, MatrixProduct.stripe)
    } else {
      (part.first_row, part.end_row) = cut(rows, MatrixProduct.tile)
    }
    return part
  }

  /// Columns and rows that the C kernel computes together.
  private static let stripe = 32
  private static let tile = 8

  /// Whether the product is for OpenBLAS: its left operand leaves the caches, which our kernel, who
  /// reads it once for every few columns, does not try to keep.
  var isLarge: Bool { rows * inner * scalar.byteCount > MatrixProduct.largestLeftOperand }

  private static let largestLeftOperand = 4 << 20

  var scratchBytes: Int {
    guard !isLarge else { return 0 }
    var description = description
    return mr_products_scratch_bytes(&description)
  }
}

/// A sum or maximum over the middle of three axes.
package struct Reduction: Sendable {
  enum Kind: Sendable { case sum, maximum }
  var kind: Kind
  var scalar: ScalarType
  var outer: Int
  var reduced: Int
  var inner: Int
  var operand: Location
  var result: Location
}

/// Elements moved between two regular layouts; strides in elements.
package struct StridedCopy: Sendable {
  var elementBytes: Int
  var shape: [Int64]
  var operandStrides: [Int64]
  var resultStrides: [Int64]
  var operand: Location
  var result: Location

  var count: Int { shape.reduce(1) { $0 * Int($1) } }
  var isContiguous: Bool { shape.count == 1 && operandStrides[0] == 1 && resultStrides[0] == 1 }
}

/// One number everywhere.
package struct Fill: Sendable {
  var scalar: ScalarType
  var value: Double
  var count: Int
  var result: Location
}

/// Elements converted to another type.
package struct Conversion: Sendable {
  var from: ScalarType
  var to: ScalarType
  var count: Int
  var operand: Location
  var result: Location
}

/// Rows gathered or added by indices, for each of `batch` tables of `tableRows` rows.
package struct RowMove: Sendable {
  var scalar: ScalarType
  var batch: Int
  var tableRows: Int
  var count: Int
  var rowElements: Int
  var rows: Location
  var indices: Location
  var result: Location
}

/// Images cut into the contents of windows or, where it folds, these added up to images.
package struct WindowMove: Sendable {
  var folds: Bool
  var scalar: ScalarType
  var windows: Windows
  /// [batch, height, width, channel].
  var images: Shape
  var rows: Int
  var columns: Int
  var operand: Location
  var result: Location
}

/// A loop with a carry over a planned body.
package struct ScanLoop: Sendable {
  /// How a carry passes from step to step.
  enum Carry: Sendable {
    /// The body overwrites its operand.
    case inPlace
    /// The body reads one of two places and writes the other; the second one is a temporary.
    case alternating(Location)
  }
  var body: Plan
  var length: Int
  var reversed: Bool
  var constants: [Location]
  var starts: [Location]
  var carries: [Carry]
  var carryBytes: [Int]
  var slices: [Location]
  var sliceBytes: [Int]
  /// Final carries, then stacked outputs.
  var results: [Location]
  var outputBytes: [Int]
}

/// A reverse sweep that keeps few states, over a planned step and a planned pullback.
package struct CheckpointedSweep: Sendable {
  /// The step: constants, carries and slices to carries.
  var advance: Plan
  /// The pullback: all inputs to adjoints and outputs.
  var adjoint: Plan
  var length: Int
  /// Whether the loop that is swept runs from the last row to the first.
  var reversed: Bool
  /// States kept at a time, the one that the loop starts from included.
  var snapshots: Int
  var constants: [Location]
  /// The state that the loop starts from: the first snapshot.
  var starts: [Location]
  /// The working state, and how it passes from step to step.
  var states: [Location]
  var carries: [ScanLoop.Carry]
  var carryBytes: [Int]
  /// Where the further snapshots of each carry are, one behind the other.
  var kept: [Location]
  var slices: [Location]
  var sliceBytes: [Int]
  var adjointStarts: [Location]
  var adjoints: [ScanLoop.Carry]
  var adjointBytes: [Int]
  var cotangents: [Location]
  var cotangentBytes: [Int]
  /// Final adjoints, then stacked outputs.
  var results: [Location]
  var outputBytes: [Int]
}

/// A loop over blocks of tasks, which workers take in any order; sums combine in block order.
package struct TaskLoop: Sendable {
  var body: Plan
  var remainder: Plan?
  var remainderCount: Int
  var length: Int
  var block: Int
  var constants: [Location]
  var slices: [Location]
  var sliceBytes: [Int]
  var outputs: [MapOutput]
  var types: [TensorType]
  /// Bytes of one task's result where results are stacked, of a block's sum where they are summed.
  var resultBytes: [Int]
  var results: [Location]
  /// Where each block's sum is kept until all are there; unused for stacked results.
  var partials: [Location]

  var blocks: Int { length / block + (remainderCount > 0 ? 1 : 0) }
}

/// One of several equal shares of a kernel's work.
struct Share {
  /// Which share, from 0.
  var index: Int
  /// How many there are.
  var count: Int

  /// All of the work.
  static let whole = Share(index: 0, count: 1)

  /// This share of the numbers from 0 to below a total, cut at multiples only.
  func range(of total: Int, inMultiplesOf multiple: Int) -> Range<Int> {
    let blocks = (total + multiple - 1) / multiple
    let first = blocks * index / count * multiple
    return min(first, total)..<min(blocks * (index + 1) / count * multiple, total)
  }
}

extension Kernel {
  /// About how many operations a run takes of those that workers can share: each share's bits are
  /// those of the whole, so that sharing changes nothing but the time.
  var sharedOperations: Int {
    switch self {
    case .cluster(let cluster): cluster.count * max(1, cluster.operationCount)
    // A vector's worth at a time, and much of it in the shadow of others.
    case .product(let product): product.isLarge ? 0 : product.operations / 8
    case .copy(let copy): copy.isContiguous ? copy.count : 0
    case .fill(let fill): fill.count
    case .gather(let move): move.batch == 1 ? move.count * move.rowElements : 0
    case .reduction, .convert, .scatterAdd, .windows, .scan, .checkpointedReverse, .map: 0
    }
  }

  /// Whether sharing is worth two signals between threads.
  var isShared: Bool { sharedOperations >= Kernel.leastShared }

  private static let leastShared = 8192
}

/// A program made ready to run: kernels in order, with every value's place known beforehand.
package final class Plan: Sendable {
  let kernels: [Kernel]
  let inputTypes: [TensorType]
  let outputTypes: [TensorType]
  let constants: Buffer
  /// Bytes of intermediate values of this plan alone.
  let arenaBytes: Int
  /// Which outputs overwrite which inputs.
  let inPlace: [Bool]
  let maximumPointers: Int
  let scratchBytes: Int
  /// Which kernels workers share.
  let isShared: [Bool]
  /// About how many operations of a run workers share, those of loops included.
  let sharedOperations: Int

  init(
    kernels: [Kernel], inputTypes: [TensorType], outputTypes: [TensorType], constants: Buffer,
    arenaBytes: Int, inPlace: [Bool]
  ) {
    self.kernels = kernels
    self.inputTypes = inputTypes
    self.outputTypes = outputTypes
    self.constants = constants
    self.arenaBytes = arenaBytes
    self.inPlace = inPlace
    var (pointers, scratch) = (0, 0)
    for kernel in kernels {
      switch kernel {
      case .cluster(let cluster):
        pointers = max(pointers, cluster.inputs.count + cluster.outputs.count)
        scratch = max(scratch, cluster.scratchBytes)
      case .product(let product): scratch = max(scratch, product.scratchBytes)
      default: break
      }
    }
    maximumPointers = pointers
    scratchBytes = scratch
    isShared = kernels.map(\.isShared)
    sharedOperations = kernels.reduce(0) { sum, kernel in
      switch kernel {
      case .scan(let loop): sum + loop.length * loop.body.sharedOperations
      case .checkpointedReverse(let sweep):
        sum + sweep.length * (sweep.advance.sharedOperations + sweep.adjoint.sharedOperations)
      default: sum + (kernel.isShared ? kernel.sharedOperations : 0)
      }
    }
  }

  /// Entries of the pointer table: the arena, inputs, outputs, constants.
  static func inputBase(_ position: Int) -> Int { 1 + position }
  func outputBase(_ position: Int) -> Int { 1 + inputTypes.count + position }
  var constantBase: Int { 1 + inputTypes.count + outputTypes.count }

  /// Bytes that a run needs besides inputs and outputs: intermediate values, constants, and those
  /// of loop bodies (each worker's own, where tasks run side by side).
  package func peakBytes(workers: Int) -> Int {
    var bytes = arenaBytes + constants.byteCount + workers * scratchBytes
    for kernel in kernels {
      switch kernel {
      case .scan(let loop): bytes += loop.body.peakBytes(workers: workers)
      case .checkpointedReverse(let sweep):
        bytes +=
          sweep.advance.peakBytes(workers: workers) + sweep.adjoint.peakBytes(workers: workers)
      case .map(let loop):
        bytes +=
          max(loop.body.peakBytes(workers: 1), loop.remainder?.peakBytes(workers: 1) ?? 0)
          * min(workers, loop.blocks)
      default: break
      }
    }
    return bytes
  }
}
