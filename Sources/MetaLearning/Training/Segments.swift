import TensorPrograms

extension Tensor {
  /// The first `count * width` rows as so many segments, [count, width, …].
  func cut(into count: Int, of width: Int) -> Tensor {
    slice(0..<count * width).reshaped(to: type.dropFirst.shape.prepending(width).prepending(count))
  }

  /// [count, width, …] as [count · width, …].
  func joiningFirstAxes() -> Tensor {
    reshaped(to: type.dropFirst.dropFirst.shape.prepending(shape[0] * shape[1]))
  }
}
