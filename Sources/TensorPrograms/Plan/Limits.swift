import CKernels

/// How much the kernels can do at most and how they cut their work: what the C header says, and
/// what planning adds.
enum Limits {
  /// Most axes of an elementwise operation, and most that are longer than one where elements are
  /// moved.
  static let axes = Int(MR_MAX_RANK)
  /// Most neighbors of which a cluster makes one number.
  static let reducedRow = Int(MR_MOST_REDUCED)
  /// Most equations of a cluster: beyond that its scratch leaves the cache.
  static let clusterEquations = 64
  /// Rows and columns of a product that the C kernel computes together.
  static let tileRows = Int(MR_TILE_ROWS)
  static let tileColumns = Int(MR_TILE_COLUMNS)
}

extension mr_axes {
  /// Numbers for so many axes, at most `Limits.axes`.
  init(_ numbers: [Int]) {
    require(numbers.count <= Limits.axes, "at most \(Limits.axes) axes, found \(numbers)")
    self.init()
    withUnsafeMutableBytes(of: &self.numbers) { bytes in
      let all = bytes.bindMemory(to: Int64.self)
      for (axis, number) in numbers.enumerated() { all[axis] = Int64(number) }
    }
  }

  /// The numbers of the first axes.
  func prefix(_ count: Int) -> [Int64] {
    withNumbers { Array(UnsafeBufferPointer(start: $0, count: count)) }
  }

  /// The numbers as C reads them.
  @inline(__always)
  func withNumbers<Result>(_ body: (UnsafePointer<Int64>) -> Result) -> Result {
    withUnsafeBytes(of: numbers) { body($0.baseAddress!.assumingMemoryBound(to: Int64.self)) }
  }
}
