// Derivatives of L with L · Lᵀ = A, both symmetric: dL = L · Φ(L⁻¹ · dA · L⁻ᵀ), where Φ takes the
// lower triangle with half of the diagonal.
//
// Source: Murray, "Differentiation of the Cholesky decomposition" (2016).

func choleskyTangent(factor: Tensor, _ tangent: Tensor) -> Tensor {
  let half = factor.triangularSolution(tangent, lower: true, transposed: false)
  let whole = factor.triangularSolution(half.transposed(), lower: true, transposed: false)
  return factor.product(whole.transposed().lowerHalf)
}

func choleskyCotangent(factor: Tensor, _ cotangent: Tensor) -> Tensor {
  let inner = factor.product(cotangent.lowerTriangle(), transposeLeft: true).lowerHalf
  let half = factor.triangularSolution(inner, lower: true, transposed: true)
  return factor.triangularSolution(half.transposed(), lower: true, transposed: true).transposed()
}

extension Tensor {
  /// The lower triangle with half of the diagonal.
  fileprivate var lowerHalf: Tensor {
    let ones = Tensor(repeating: 1, TensorType(Shape(shape.extents.suffix(2)), scalarType))
    let identity = Tensor.identity(shape[rank - 1], as: scalarType)
    return self * (ones.lowerTriangle() - 0.5 * identity)
  }
}
