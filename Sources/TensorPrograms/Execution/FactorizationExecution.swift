import CKernels

/// Cholesky factors and triangular systems, matrix by matrix, by OpenBLAS.
enum FactorizationExecution {
  static func run(_ factors: Factorization, _ workspace: Workspace) {
    let elements = factors.extent * factors.extent
    let bytes = elements * factors.scalar.byteCount
    for matrix in 0..<(elements == 0 ? 0 : factors.batch) {
      let factor = workspace.address(factors.result) + matrix * bytes
      factor.copyMemory(
        from: workspace.address(factors.operand) + matrix * bytes, byteCount: bytes)
      let isDefinite = OpenBLAS.factorize(factors.scalar, factors.extent, factor)
      switch factors.scalar {
      case .float32: clean(factor, as: Float.self, factors.extent, isDefinite)
      case .float64: clean(factor, as: Double.self, factors.extent, isDefinite)
      case .int32: fatalError("factors are floating-point")
      }
    }
  }

  /// Zeros above the diagonal; no numbers below it where there is no factor.
  private static func clean<Scalar: BinaryFloatingPoint>(
    _ factor: UnsafeMutableRawPointer, as: Scalar.Type, _ extent: Int, _ isDefinite: Bool
  ) {
    let elements = factor.assumingMemoryBound(to: Scalar.self)
    for row in 0..<extent {
      if !isDefinite {
        for column in 0...row { elements[row * extent + column] = .nan }
      }
      for column in row + 1..<max(extent, row + 1) { elements[row * extent + column] = 0 }
    }
  }

  static func run(_ systems: TriangularSolve, _ workspace: Workspace) {
    let size = systems.scalar.byteCount
    let bytes = systems.extent * systems.columns * size
    for system in 0..<(bytes == 0 ? 0 : systems.batch) {
      let solution = workspace.address(systems.result) + system * bytes
      solution.copyMemory(
        from: workspace.address(systems.right) + system * bytes, byteCount: bytes)
      OpenBLAS.solve(
        systems.scalar, extent: systems.extent, columns: systems.columns, lower: systems.lower,
        transposed: systems.transposed,
        workspace.address(systems.matrix) + system * systems.extent * systems.extent * size,
        solution)
    }
  }
}
