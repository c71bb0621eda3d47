import CKernels

/// Elementwise equations over one iteration space, run block by block in cache, perhaps with reductions
/// of the last axes.
///
/// `@unchecked Sendable`: what it points to is the plan's and only read.
package struct Cluster: @unchecked Sendable {
  let scalar: ScalarType
  let count: Int
  let operationCount: Int
  let inputCount: Int
  /// Outputs like the iteration space, and behind them one element for each reduced row.
  let outputCount: Int
  let reductionCount: Int
  /// Elements of a row that reductions make one of; 1 without reductions.
  let row: Int
  /// Where inputs lie, and behind them outputs.
  let locations: UnsafePointer<Location>
  let description: UnsafePointer<mr_cluster>
  let scratchBytes: Int
}

/// The memory behind a cluster, kept by its plan.
///
/// `@unchecked Sendable`: written by `init` and only read afterwards.
final class ClusterCode: @unchecked Sendable {
  let cluster: Cluster

  init(
    scalar: ScalarType, shape: [Int], code: [mr_instruction], accesses: [mr_access],
    inputs: [Location], outputValues: [UInt16], reductions: [mr_reduction], row: Int,
    outputs: [Location], slots: Int
  ) {
    func copied<Element>(_ array: [Element]) -> UnsafeMutablePointer<Element> {
      let pointer = UnsafeMutablePointer<Element>.allocate(capacity: max(array.count, 1))
      pointer.initialize(from: array, count: array.count)
      return pointer
    }
    let description = UnsafeMutablePointer<mr_cluster>.allocate(capacity: 1)
    description.initialize(
      to: mr_cluster(
        code: copied(code), code_count: Int32(code.count), accesses: copied(accesses),
        input_count: Int32(inputs.count), output_values: copied(outputValues),
        output_count: Int32(outputValues.count), reductions: copied(reductions),
        reduction_count: Int32(reductions.count), row: Int64(row),
        shape: copied(shape.map(Int64.init)), rank: Int32(shape.count),
        slot_count: Int32(slots)))
    cluster = Cluster(
      scalar: scalar, count: shape.reduce(1, *), operationCount: code.count,
      inputCount: inputs.count, outputCount: outputs.count, reductionCount: reductions.count,
      row: row, locations: copied(inputs + outputs), description: description,
      scratchBytes: mr_cluster_scratch_bytes(description, Int32(scalar.byteCount)))
  }

  deinit {
    cluster.description.pointee.code.deallocate()
    cluster.description.pointee.accesses.deallocate()
    cluster.description.pointee.output_values.deallocate()
    cluster.description.pointee.reductions.deallocate()
    cluster.description.pointee.shape.deallocate()
    cluster.description.deallocate()
    cluster.locations.deallocate()
  }
}
