// Tensors that are made from numbers alone.

extension Tensor {
  /// The whole numbers of a range, in order (`arange`).
  public static func range(_ range: Range<Int>, as scalar: ScalarType = .int32) -> Tensor {
    Tensor(range.map(Double.init), TensorType([range.count], scalar))
  }

  /// So many numbers from `first` on, each `step` above the one before it.
  public static func range(
    from first: Double, by step: Double, count: Int, as scalar: ScalarType
  ) -> Tensor {
    Tensor((0..<count).map { first + Double($0) * step }, TensorType([count], scalar))
  }

  /// The identity matrix (`eye`): ones on the diagonal, zeros elsewhere; [rows, columns], square
  /// where no columns are given.
  public static func identity(_ rows: Int, columns: Int? = nil, as scalar: ScalarType) -> Tensor {
    range(0..<rows).oneHot(count: columns ?? rows, as: scalar)
  }

  /// The elements of matrices, the last two axes, on a diagonal and below it, zeros above (`tril`):
  /// diagonal 0 is the main one, 1 the one above it.
  ///
  /// ```swift
  /// // Which places each of 8 may look at: itself and those before it.
  /// let mask = Tensor(repeating: 1, TensorType([8, 8], .float32)).lowerTriangle()
  /// ```
  public func lowerTriangle(diagonal: Int = 0) -> Tensor {
    .select(isLower(diagonal), self, otherwise: .zeros(type))
  }

  /// The elements of matrices, the last two axes, on a diagonal and above it, zeros below (`triu`).
  public func upperTriangle(diagonal: Int = 0) -> Tensor {
    .select(isLower(diagonal - 1), .zeros(type), otherwise: self)
  }

  /// 1 on a diagonal of the last two axes and below it, elsewhere 0.
  private func isLower(_ diagonal: Int) -> Tensor {
    require(rank >= 2, "triangles are of matrices, found \(type)")
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    let scalar = scalarType.isFloatingPoint ? scalarType : .float64
    return Tensor.range(0..<columns, as: scalar)
      .<= Tensor.range(diagonal..<diagonal + rows, as: scalar).expanded(axes: [-1])
  }
}
