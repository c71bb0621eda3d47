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
    let square = compile([TensorType([3], .float32)]) { [$0[0] * $0[0]] }
    let y = square([Tensor([1, 2, 3] as [Float])])
    precondition(y[0].doubles == [1, 4, 9])
  }
  do {
    let g = gradient(at: [Tensor([3.0])]) { ($0[0] * $0[0]).sum() }  // 6
    precondition(g[0].doubles == [6])
  }
  do {
    var stream = RandomStream(seed: 3, purpose: "initial weights", index: 7)
    let x = stream.normal()
    precondition(x.isFinite)
  }
  do {
    /// The loss after ten steps of gradient descent on the squared distance to 3.
    func lossAfterTraining(_ rate: Tensor) -> Tensor {
      var weight = Tensor([0.0])
      for _ in 0..<10 {
        let slope = gradient(at: [weight]) { ($0[0] - 3).squared().sum() }[0]
        weight = weight - rate * slope
      }
      return (weight - 3).squared().sum()
    }

    // The hypergradient: the derivative of that loss with respect to the rate.
    let rate = Tensor([0.05])
    let hypergradient = gradient(at: [rate]) { lossAfterTraining($0[0]) }[0]

    // Compiled once, for inputs of these types, it can be run on any numbers.
    let compiled = compile([rate.type]) { rates in
      gradient(at: rates) { lossAfterTraining($0[0]) }
    }
    print(hypergradient.scalar, compiled([rate])[0].scalar)  // the same, to rounding
    precondition(hypergradient.scalar < 0)
    precondition(abs(hypergradient.scalar / compiled([rate])[0].scalar - 1) < 1e-12)
  }
  do {
    let line = Line(slope: Tensor([2.0]), offset: Tensor([1.0]))
    let g = gradient(at: line) { ($0.slope * 3 + $0.offset).sum() }
    precondition(g.slope.scalar == 3 && g.offset.scalar == 1)
  }
}
