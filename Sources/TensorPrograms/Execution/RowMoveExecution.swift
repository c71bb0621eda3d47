import CKernels

/// Rows moved by indices, which are checked: a wrong one would touch foreign memory.
enum RowMoveExecution {
  static func gather(_ move: RowMove, _ workspace: Workspace, _ share: Share) {
    let bytes = move.scalar.byteCount
    let range = share.range(of: move.count, inMultiplesOf: 1)
    for table in 0..<move.batch {
      let rows = workspace.address(move.rows) + table * move.tableRows * move.rowElements * bytes
      let result =
        workspace.address(move.result)
        + (table * move.count + range.lowerBound) * move.rowElements * bytes
      let indices = checked(move, workspace, table, range) + range.lowerBound
      let (count, width) = (Int64(range.count), Int64(move.rowElements))
      if bytes == 4 {
        mr_gather_rows_32(rows, indices, result, count, width)
      } else {
        mr_gather_rows_64(rows, indices, result, count, width)
      }
    }
  }

  static func scatterAdd(_ move: RowMove, _ workspace: Workspace) {
    let bytes = move.scalar.byteCount
    let tableElements = move.tableRows * move.rowElements
    for table in 0..<move.batch {
      let rows = workspace.address(move.rows) + table * move.count * move.rowElements * bytes
      let result = workspace.address(move.result) + table * tableElements * bytes
      let indices = checked(move, workspace, table, 0..<move.count)
      let (count, width) = (Int64(move.count), Int64(move.rowElements))
      switch move.scalar {
      case .float32:
        mr_fill_32(result, Int64(tableElements), 0)
        mr_scatter_add_rows_f32(
          rows.assumingMemoryBound(to: Float.self), indices,
          result.assumingMemoryBound(to: Float.self), count, width)
      case .float64:
        mr_fill_64(result, Int64(tableElements), 0)
        mr_scatter_add_rows_f64(
          rows.assumingMemoryBound(to: Double.self), indices,
          result.assumingMemoryBound(to: Double.self), count, width)
      case .int32: fatalError("rows that are added are floating-point")
      }
    }
  }

  private static func checked(
    _ move: RowMove, _ workspace: Workspace, _ table: Int, _ range: Range<Int>
  ) -> UnsafePointer<Int32> {
    let indices =
      workspace.address(move.indices).assumingMemoryBound(to: Int32.self) + table * move.count
    for position in range {
      let index = indices[position]
      require(
        index >= 0 && index < move.tableRows,
        "index \(index) at position \(position) is outside the \(move.tableRows) rows")
    }
    return UnsafePointer(indices)
  }
}
