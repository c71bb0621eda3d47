import TensorPrograms

/// The inner product of two lists of tensors, a scalar; the tensors of a pair may be broadcast to
/// each other.
func dot(_ a: [Tensor], _ b: [Tensor]) -> Tensor {
  sum(zip(a, b).map { ($0 * $1).sum() })
}

/// The sum of one or more tensors, from the first to the last.
func sum(_ terms: [Tensor]) -> Tensor {
  // Not from a zero: one addition more would be one rounding more where that zero is negative.
  terms.dropFirst().reduce(terms[0]) { $0 + $1 }
}
