import TensorPrograms
import Testing

/// Every row of the table against finite differences, at first and second order, in both modes.
@Suite struct DerivativeTests {
  /// A scalar function of the case: its result weighed by fixed numbers.
  private func scalar(_ item: FunctionCase) -> ([Tensor]) -> Tensor {
    { x in
      let y = item.function(x)
      var numbers = Numbers("weights of \(item.name)")
      return (y * numbers.tensor(y.shape, 0.5...1.5)).sum()
    }
  }

  private func directions(_ item: FunctionCase) -> [Tensor] {
    var numbers = Numbers("directions of \(item.name)")
    return item.shapes.map { numbers.tensor($0) }
  }

  private func dot(_ a: [Tensor], _ b: [Tensor]) -> Tensor {
    zip(a, b).map { ($0 * $1).sum() }.reduce(Tensor([0.0], shape: []), +)
  }

  private func moved(_ x: [Tensor], _ d: [Tensor], _ h: Double) -> [Tensor] {
    zip(x, d).map { $0 + h * $1 }
  }

  @Test(arguments: functionCases)
  func firstOrder(_ item: FunctionCase) {
    let (x, d, f) = (item.arguments(), directions(item), scalar(item))
    let h = 1e-5
    let expected = (f(moved(x, d, h)).scalar - f(moved(x, d, -h)).scalar) / (2 * h)
    let reverse = dot(gradient(at: x, of: f), d).scalar
    let forward = jvp(at: x, along: d, of: f).tangent.scalar
    #expect(abs(reverse - expected) <= 1e-8 * max(1, abs(expected)))
    #expect(abs(reverse - forward) <= 1e-12 * max(1, abs(forward)))
  }

  @Test(arguments: functionCases)
  func secondOrder(_ item: FunctionCase) {
    let (x, d, f) = (item.arguments(), directions(item), scalar(item))
    let h = 1e-5
    let expected = zip(gradient(at: moved(x, d, h), of: f), gradient(at: moved(x, d, -h), of: f))
      .map { ($0 - $1) / (2 * h) }
    let reverseOverReverse = gradient(at: x) { dot(gradient(at: $0, of: f), d) }
    let forwardOverReverse = jvp(at: x, along: d) { gradient(at: $0, of: f) }.tangent
    #expect(relativeDifference(reverseOverReverse, expected) < 1e-6)
    #expect(relativeDifference(forwardOverReverse, reverseOverReverse) < 1e-11)
  }

  /// The compiled program of value, gradient and Hessian product against the interpreter.
  @Test(arguments: functionCases)
  func executorEqualsInterpreter(_ item: FunctionCase) throws {
    let (x, d, f) = (item.arguments(), directions(item), scalar(item))
    let (program, captures) = trace(x.map(\.type)) { x in
      [f(x)] + gradient(at: x, of: f) + gradient(at: x) { dot(gradient(at: $0, of: f), d) }
    }
    #expect(captures.isEmpty)
    try program.verify()
    let simplified = program.simplified()
    try simplified.verify()
    try simplified.withBlockedMaps().verify()
    let expected = Interpreter.run(program, x.map(\.doubles))
    let again = Interpreter.run(simplified, x.map(\.doubles))
    let compiled = CompiledProgram(program)(x)
    for (position, values) in expected.enumerated() {
      let reference = Tensor(values, compiled[position].type)
      let slow = Tensor(again[position], compiled[position].type)
      #expect(relativeDifference([compiled[position]], [reference]) < 1e-12)
      #expect(relativeDifference([slow], [reference]) < 1e-12)
    }
  }

  /// A batch of tasks against a loop over them, for values, gradients and Hessian products.
  @Test(arguments: functionCases)
  func batchEqualsLoop(_ item: FunctionCase) {
    let (d, f) = (directions(item), scalar(item))
    let tasks = (0..<3).map { item.arguments(UInt64($0)) }
    let all = { (x: [Tensor]) -> [Tensor] in
      [f(x)] + gradient(at: x, of: f) + gradient(at: x) { dot(gradient(at: $0, of: f), d) }
    }
    let stacked = item.shapes.indices.map { argument in Tensor.stack(tasks.map { $0[argument] }) }
    let batch = vmap(over: stacked, task: all)
    let mapped = Tensor.map(over: stacked, length: 3, task: all)
    let loop = tasks.map(all)
    for output in batch.indices {
      let expected = Tensor.stack(loop.map { $0[output] })
      #expect(relativeDifference([batch[output]], [expected]) < 1e-12)
      #expect(relativeDifference([mapped[output]], [expected]) < 1e-12)
    }
  }
}
