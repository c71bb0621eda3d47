import TensorPrograms

/// A line y = slope · x + offset.
struct Line: ParameterStructure {
  var slope: Tensor
  var offset: Tensor
  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path / "slope", &slope)
    try body(path / "offset", &offset)
  }
}

func tensorSamples() throws {
  do {
    let x = Tensor([1, 2, 3] as [Double])
    print((x * x).sum().scalar)  // 14.0
    precondition((x * x).sum().scalar == 14)
  }
  do {
    let square = compile(like: Tensor([0, 0, 0] as [Float])) { $0 * $0 }
    let y = square(Tensor([1, 2, 3] as [Float]))  // 1, 4, 9
    precondition(y.doubles == [1, 4, 9])
  }
  do {
    let (last, sums) = Tensor.scan(
      Tensor([0.0], shape: .scalar), over: Tensor([1.0, 2, 3]), length: 3
    ) { sum, x in
      (sum + x, sum + x)  // 6; 1, 3, 6
    }
    precondition(last.scalar == 6 && sums.doubles == [1, 3, 6])
  }
  do {
    let g = gradient(at: Tensor([3.0])) { ($0 * $0).sum() }  // 6
    precondition(g.doubles == [6])
  }
  do {
    let x = Tensor([1.0, 2])
    ExecutionOptions.$current.withValue(ExecutionOptions(workers: 1)) {
      let function = compile(like: x) { $0 * $0 }
      precondition(function(x).doubles == [1, 4])
    }
  }
  do {
    var stream = RandomStream(seed: 3, purpose: "initial weights", index: 7)
    let x = stream.normal()
    precondition(x.isFinite)
    let noise = Tensor(TensorType([8, 2], .float32)) { stream.normal() }
    precondition(noise.shape == [8, 2] && noise.doubles.allSatisfy(\.isFinite))
  }
  do {
    /// The loss after ten steps of gradient descent on the squared distance to 3.
    func lossAfterTraining(_ rate: Tensor) -> Tensor {
      var weight = Tensor([0.0])
      for _ in 0..<10 {
        let slope = gradient(at: weight) { ($0 - 3).squared().sum() }
        weight = weight - rate * slope
      }
      return (weight - 3).squared().sum()
    }

    // The hypergradient: the derivative of that loss with respect to the rate.
    let rate = Tensor([0.05])
    let hypergradient = gradient(at: rate, of: lossAfterTraining)

    // Compiled once, for arguments of this type, it can be run on any numbers.
    let compiled = compile(like: rate) { gradient(at: $0, of: lossAfterTraining) }
    print(hypergradient.scalar, compiled(rate).scalar)  // the same, to rounding
    precondition(hypergradient.scalar < 0)
    precondition(abs(hypergradient.scalar / compiled(rate).scalar - 1) < 1e-12)
  }
  do {
    let line = Line(slope: Tensor([2.0]), offset: Tensor([1.0]))
    let g = gradient(at: line) { ($0.slope * 3 + $0.offset).sum() }
    precondition(g.slope.scalar == 3 && g.offset.scalar == 1)
  }
}
