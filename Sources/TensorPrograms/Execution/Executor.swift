import CKernels
import Foundation

/// Runs plans. Inputs and outputs are where the workspace's pointer table says.
enum Executor {
  /// Runs a plan on values with elements.
  ///
  /// - Parameter spent: results of an earlier run, or nothing. Those to which nothing else refers
  ///   are written anew; the others' place is taken by new ones.
  static func run<Value: OperandHolder>(
    _ workspace: Workspace, _ inputs: [Value], into spent: consuming [Value]
  ) -> [Value] {
    let plan = workspace.plan
    // Elements of values that have one number only.
    var written: [Buffer] = []
    for position in inputs.indices {
      let place: UnsafeMutableRawPointer
      if let address = inputs[position].operand.address {
        place = address
      } else {
        let elements = inputs[position].operand.buffer
        written.append(elements)
        place = elements.pointer
      }
      workspace.bases[Plan.inputBase(position)] = place
    }
    var results = spent
    if results.isEmpty {
      results.reserveCapacity(plan.outputTypes.count)
      Buffer.makeUninitialized(plan.outputByteCounts) { position, buffer in
        workspace.bases[plan.outputBase(position)] = buffer.pointer
        results.append(Value(Operand(plan.outputTypes[position], .concrete(buffer))))
      }
    } else {
      for position in results.indices {
        if !results[position].ownsElementsAlone() {
          let buffer = Buffer(uninitialized: plan.outputByteCounts[position])
          results[position] = Value(Operand(plan.outputTypes[position], .concrete(buffer)))
        }
        workspace.bases[plan.outputBase(position)] = results[position].operand.buffer.pointer
      }
    }
    run(workspace)
    withExtendedLifetime(inputs) {}
    withExtendedLifetime(written) {}
    return results
  }

  /// Runs every kernel in order, large ones together with the workspace's team.
  static func run(_ workspace: Workspace) {
    if let timings = workspace.timings { return run(workspace, timings) }
    let kernels = workspace.plan.kernels
    guard let team = workspace.team else {
      for position in kernels.indices { run(workspace, position, .whole) }
      return
    }
    let isShared = workspace.plan.isShared
    for position in kernels.indices {
      if isShared[position] {
        team.run(workspace, position)
      } else {
        run(workspace, position, .whole)
      }
    }
  }

  /// The same, counting what each kernel takes.
  private static func run(_ workspace: Workspace, _ timings: KernelTimings) {
    let isShared = workspace.plan.isShared
    timings.count(workspace.plan.kernels.count) { position in
      if let team = workspace.team, isShared[position] {
        team.run(workspace, position)
      } else {
        run(workspace, position, .whole)
      }
    }
  }

  /// Runs a share of one kernel; kernels that are not shared are run whole.
  static func run(_ workspace: Workspace, _ position: Int, _ share: Share) {
    switch workspace.plan.kernels[position] {
    case .cluster(let cluster): run(cluster.pointer, workspace, share)
    case .product(let product): MatrixProductExecution.run(product.pointer, workspace, share)
    case .reduction(let reduction): run(reduction.value, workspace)
    case .copy(let copy): run(copy.value, workspace, share)
    case .fill(let fill): run(fill.value, workspace, share)
    case .convert(let conversion): run(conversion.value, workspace)
    case .gather(let move): RowMoveExecution.gather(move.value, workspace, share)
    case .scatterAdd(let move): RowMoveExecution.scatterAdd(move.value, workspace)
    case .order(let order): OrderExecution.run(order.value, workspace, share)
    case .cholesky(let factors): FactorizationExecution.run(factors.value, workspace)
    case .triangularSolve(let systems): FactorizationExecution.run(systems.value, workspace)
    case .windows(let move): WindowMoveExecution.run(move.value, workspace)
    case .windowProduct(let product): WindowProductExecution.run(product.value, workspace, share)
    case .scan(let loop): Loops.run(loop.value, workspace, workspace.children[position][0])
    case .checkpointedReverse(let sweep):
      Loops.run(sweep.value, workspace, workspace.children[position])
    case .map(let loop): Loops.run(loop.value, workspace, workspace.children[position])
    }
  }

  private static func run(
    _ cluster: UnsafePointer<Cluster>, _ workspace: Workspace, _ share: Share
  ) {
    let pointers = workspace.pointers(of: share.index)
    let (locations, description) = (cluster.pointee.locations, cluster.pointee.description)
    for index in 0..<cluster.pointee.inputCount + cluster.pointee.outputCount {
      pointers[index] = workspace.address(locations[index])
    }
    let inputs = UnsafeMutableRawPointer(pointers).assumingMemoryBound(
      to: UnsafeRawPointer?.self)
    let outputs = pointers + cluster.pointee.inputCount
    let range = share.range(
      of: cluster.pointee.count,
      inMultiplesOf: leastCommonMultiple(elementsOfShares, cluster.pointee.row))
    let (start, end) = (Int64(range.lowerBound), Int64(range.upperBound))
    let scratch = workspace.scratch(of: share.index)
    switch cluster.pointee.scalar {
    case .float32: mr_run_cluster_f32(description, inputs, outputs, start, end, scratch)
    case .float64: mr_run_cluster_f64(description, inputs, outputs, start, end, scratch)
    case .int32: fatalError("clusters are floating-point")
    }
  }

  /// Shares of arrays are cut at whole cache lines, where rows are reduced at whole rows.
  private static let elementsOfShares = 64

  /// For a power of two and any number.
  @inline(__always)
  private static func leastCommonMultiple(_ power: Int, _ number: Int) -> Int {
    let common = 1 << min(power.trailingZeroBitCount, number.trailingZeroBitCount)
    return power / common * number
  }

  private static func run(_ reduction: Reduction, _ workspace: Workspace) {
    let x = workspace.address(reduction.operand)
    let y = workspace.address(reduction.result)
    let (outer, reduced, inner) = (
      Int64(reduction.outer), Int64(reduction.reduced), Int64(reduction.inner)
    )
    switch (reduction.scalar, reduction.kind) {
    case (.float32, .sum):
      mr_sum_f32(
        x.assumingMemoryBound(to: Float.self), y.assumingMemoryBound(to: Float.self), outer,
        reduced, inner)
    case (.float64, .sum):
      mr_sum_f64(
        x.assumingMemoryBound(to: Double.self), y.assumingMemoryBound(to: Double.self), outer,
        reduced, inner)
    case (.float32, .maximum):
      mr_max_f32(
        x.assumingMemoryBound(to: Float.self), y.assumingMemoryBound(to: Float.self), outer,
        reduced, inner)
    case (.float64, .maximum):
      mr_max_f64(
        x.assumingMemoryBound(to: Double.self), y.assumingMemoryBound(to: Double.self), outer,
        reduced, inner)
    case (.int32, _): fatalError("reductions are floating-point")
    }
  }

  private static func run(_ copy: StridedCopy, _ workspace: Workspace, _ share: Share) {
    let x = workspace.address(copy.operand)
    let y = workspace.address(copy.result)
    if copy.isContiguous {
      let range = share.range(of: copy.count, inMultiplesOf: elementsOfShares)
      let first = range.lowerBound * copy.elementBytes
      memcpy(y + first, x + first, range.count * copy.elementBytes)
    } else {
      let move = copy.elementBytes == 4 ? mr_strided_copy_32 : mr_strided_copy_64
      copy.shape.withNumbers { shape in
        copy.operandStrides.withNumbers { from in
          copy.resultStrides.withNumbers { to in move(x, y, shape, from, to, Int32(copy.rank)) }
        }
      }
    }
  }

  private static func run(_ fill: Fill, _ workspace: Workspace, _ share: Share) {
    let range = share.range(of: fill.count, inMultiplesOf: elementsOfShares)
    let y = workspace.address(fill.result) + range.lowerBound * fill.scalar.byteCount
    let count = Int64(range.count)
    switch fill.scalar {
    case .float32: mr_fill_32(y, count, Float(fill.value).bitPattern)
    case .float64: mr_fill_64(y, count, fill.value.bitPattern)
    case .int32:
      mr_fill_32(y, count, UInt32(bitPattern: Int32(truncatingIfNeeded: Int(fill.value))))
    }
  }

  private static func run(_ conversion: Conversion, _ workspace: Workspace) {
    let x = workspace.address(conversion.operand)
    let y = workspace.address(conversion.result)
    let count = Int64(conversion.count)
    func bound<Scalar>(_ pointer: UnsafeMutableRawPointer, _: Scalar.Type)
      -> UnsafeMutablePointer<Scalar>
    { pointer.assumingMemoryBound(to: Scalar.self) }
    switch (conversion.from, conversion.to) {
    case (.int32, .float32): mr_convert_i32_f32(bound(x, Int32.self), bound(y, Float.self), count)
    case (.int32, .float64): mr_convert_i32_f64(bound(x, Int32.self), bound(y, Double.self), count)
    case (.float32, .float64):
      mr_convert_f32_f64(bound(x, Float.self), bound(y, Double.self), count)
    case (.float64, .float32):
      mr_convert_f64_f32(bound(x, Double.self), bound(y, Float.self), count)
    case (.float32, .int32): mr_convert_f32_i32(bound(x, Float.self), bound(y, Int32.self), count)
    case (.float64, .int32): mr_convert_f64_i32(bound(x, Double.self), bound(y, Int32.self), count)
    case (.float32, .float32), (.float64, .float64), (.int32, .int32):
      memcpy(y, x, conversion.count * conversion.to.byteCount)
    }
  }
}
