// Factors of matrices and solutions of systems, for the last two axes, over all leading ones.

extension Tensor {
  /// The lower triangular matrices L with L · Lᵀ = A, of symmetric positive definite matrices A; of
  /// others, the symmetric part is taken. No numbers (NaN) where that is not positive definite.
  public func cholesky() -> Tensor {
    .apply(.cholesky, 0.5 * (self + transposed()))
  }

  /// The solutions X of A · X = B, or of Aᵀ · X = B, for triangular matrices A, which are these,
  /// and matrices B. What stands on the other side of A's diagonal is not read. Leading axes are
  /// matched from the last backwards, as for matrix products.
  ///
  /// ```swift
  /// // A⁻¹ · B of a symmetric positive definite matrix
  /// let factor = a.cholesky()
  /// let solution = factor.triangularSolution(factor.triangularSolution(b), transposed: true)
  /// ```
  public func triangularSolution(
    _ right: Tensor, lower: Bool = true, transposed: Bool = false
  ) -> Tensor {
    let primitive = Primitive.triangularSolve(lower: lower, transposed: transposed)
    let (left, right) = Tensor.withCommonLeadingAxes(self, right, "triangularSolution")
    return .apply(primitive, left, right)
  }
}
