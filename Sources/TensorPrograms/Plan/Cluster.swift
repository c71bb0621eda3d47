import CKernels

/// Elementwise equations over one iteration space, run block by block in cache, perhaps with
/// reductions of the last axes.
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

extension KernelMemory {
  /// A cluster with all that it points to.
  func cluster(
    scalar: ScalarType, shape: [Int], accesses: [mr_access], inputs: [Location],
    code: ClusterBuilder.Code, row: Int, outputs: [Location]
  ) -> Cluster {
    let description = keep(
      mr_cluster(
        code: keep(elements: code.instructions), code_count: Int32(code.instructions.count),
        accesses: keep(elements: accesses), input_count: Int32(inputs.count),
        output_values: keep(elements: code.outputValues),
        output_count: Int32(code.outputValues.count), reductions: keep(elements: code.reductions),
        reduction_count: Int32(code.reductions.count), row: Int64(row),
        shape: keep(elements: shape.map(Int64.init)), rank: Int32(shape.count),
        slot_count: Int32(code.slots)))
    return Cluster(
      scalar: scalar, count: shape.reduce(1, *), operationCount: code.instructions.count,
      inputCount: inputs.count, outputCount: outputs.count, reductionCount: code.reductions.count,
      row: row, locations: keep(elements: inputs + outputs), description: description.pointer,
      scratchBytes: mr_cluster_scratch_bytes(description.pointer, Int32(scalar.byteCount)))
  }
}
