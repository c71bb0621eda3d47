import TensorPrograms

extension Tensor {
  /// The sums of a vector's elements over sets, [count]; an int32 says for each element which set is its
  /// own.
  func sums(over sets: Tensor, count: Int) -> Tensor {
    // The adjoint of reading a number for each set.
    gradient(at: Tensor.zeros(type.with([count]))) { ($0.gather(sets) * self).sum() }
  }
}
