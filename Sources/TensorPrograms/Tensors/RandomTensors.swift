// Tensors of random numbers. Programs are pure, so that they are drawn outside and given to them.

extension RandomStream {
  /// Independent standard normal numbers.
  public mutating func normal(_ type: TensorType) -> Tensor { Tensor(type) { normal() } }

  /// Independent numbers uniform in [low, high).
  public mutating func uniform(
    _ type: TensorType, _ low: Double = 0, _ high: Double = 1
  ) -> Tensor { Tensor(type) { uniform(low, high) } }

  /// Independent int32 numbers uniform in 0..<bound.
  public mutating func integers(_ shape: Shape, below bound: Int) -> Tensor {
    Tensor(TensorType(shape, .int32)) { Double(integer(below: bound)) }
  }

  /// Independent numbers that are 1 with a probability and 0 otherwise.
  public mutating func bernoulli(_ type: TensorType, _ probability: Double) -> Tensor {
    Tensor(type) { uniform() < probability ? 1 : 0 }
  }
}
