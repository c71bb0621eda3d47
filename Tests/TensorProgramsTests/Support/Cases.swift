import TensorPrograms

/// Numbers for tests, the same every time.
struct Numbers {
  private var stream: RandomStream

  init(_ purpose: String = "test", index: UInt64 = 0) {
    stream = RandomStream(seed: 11, purpose: purpose, index: index)
  }

  mutating func tensor(
    _ shape: Shape, _ range: ClosedRange<Double> = -1...1, _ scalar: ScalarType = .float64
  ) -> Tensor {
    Tensor(
      (0..<shape.count).map { _ in stream.uniform(range.lowerBound, range.upperBound) },
      TensorType(shape, scalar))
  }

  mutating func indices(_ count: Int, below bound: Int) -> Tensor {
    Tensor((0..<count).map { _ in Int32(stream.integer(below: bound)) })
  }
}

/// The greatest difference, relative to the greatest value.
func relativeDifference(_ a: [Tensor], _ b: [Tensor]) -> Double {
  precondition(
    a.map(\.shape) == b.map(\.shape), "shapes differ: \(a.map(\.shape)) \(b.map(\.shape))")
  return zip(a, b).map { x, y in
    let (x, y) = (x.doubles, y.doubles)
    let scale = y.map(abs).max() ?? 0
    let difference = zip(x, y).map { $0.isNaN || $1.isNaN ? .infinity : abs($0 - $1) }.max() ?? 0
    return difference == 0 ? 0 : difference / max(scale, 1e-12)
  }.max() ?? 0
}

/// A differentiable function with arguments in a range where finite differences work.
struct FunctionCase: CustomStringConvertible, Sendable {
  let name: String
  let shapes: [Shape]
  let range: ClosedRange<Double>
  let function: @Sendable ([Tensor]) -> Tensor
  var description: String { name }

  init(
    _ name: String, _ shapes: [Shape], _ range: ClosedRange<Double> = -1...1,
    _ function: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    self.name = name
    self.shapes = shapes
    self.range = range
    self.function = function
  }

  func arguments(_ index: UInt64 = 0) -> [Tensor] {
    var numbers = Numbers(name, index: index)
    return shapes.map { numbers.tensor($0, range) }
  }
}

/// Every policy of a loop's memory; the loops of tests have a few steps.
let memoryPolicies: [MemoryPolicy] =
  [.storeAll, .everyStep] + [1, 2, 3, 9].map { .binomial(snapshots: $0) }

/// One row for every differentiable primitive, and some compositions that have bitten others.
let functionCases: [FunctionCase] = {
  let matrix: Shape = [3, 4]
  func unary(
    _ name: String, _ range: ClosedRange<Double> = -2...2,
    _ function: @escaping @Sendable (Tensor) -> Tensor
  ) -> FunctionCase { FunctionCase(name, [matrix], range) { function($0[0]) } }
  func binary(
    _ name: String, _ range: ClosedRange<Double> = 0.5...2,
    _ function: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> FunctionCase { FunctionCase(name, [matrix, matrix], range) { function($0[0], $0[1]) } }
  var cases = [
    unary("negate") { -$0 }, unary("absolute", 0.1...2) { $0.absolute() * $0 },
    unary("sign", 0.1...2) { $0.sign() * $0 },
    unary("exp") { $0.exp() }, unary("log", 0.5...3) { $0.log() },
    unary("sqrt", 0.5...3) { $0.squareRoot() }, unary("tanh") { $0.tanh() },
    unary("sigmoid") { $0.sigmoid() }, unary("softplus") { $0.softplus() },
    unary("sin") { $0.sin() }, unary("cos") { $0.cos() }, unary("relu") { $0.relu() * $0 },
    unary("expm1") { $0.expm1() }, unary("log1p", -0.5...3) { $0.log1p() },
    unary("erf") { $0.erf() },
    binary("add") { ($0 + $1).sin() }, binary("subtract") { ($0 - $1).sin() },
    binary("multiply") { $0 * $1 }, binary("divide") { $0 / $1 },
    binary("power") { $0.power($1) },
    binary("maximum") { .maximum($0 * $1, $0.sin() + 0.3) },
    binary("minimum") { .minimum($0 * $1, $0.sin() + 0.3) },
    binary("gate", -2...2) { ($0 * $1).sin().gated(by: $0) },
    binary("select") {
      .select($0 .> 1.2, $0 * $1, otherwise: ($0 * $1).sin())
    },
    unary("convert") { $0.sin().converted(to: .float64) * $0 },
    unary("reshape") { $0.reshaped(to: [2, 6]).sin() },
    unary("transpose") { $0.transposed().sin() },
    unary("slice") { $0.slice(axis: 1, 1..<3).sin() },
    unary("pad") { $0.padded(low: [1, 0], high: [0, 2]).sin() },
    unary("sum") { $0.sum(axes: [0]).sin() }, unary("sum last") { $0.sum(axes: [1]).sin() },
    unary("reduceMaximum") { $0.maximum(axes: [1]).sin() },
    unary("stopGradient inside") { $0 * $0 + ($0 * 0).withoutGradient() },
  ]
  cases.append(FunctionCase("broadcast", [[4], [3, 4]]) { ($0[0] * $0[1]).sin() })
  cases.append(FunctionCase("broadcast column", [[3, 1], [3, 4]]) { ($0[0] * $0[1]).sin() })
  cases.append(
    FunctionCase("concatenate", [[2, 3], [4, 3]]) { Tensor.concatenate($0, axis: 0).sin() })
  cases.append(
    FunctionCase("gather", [[5, 3]]) {
      $0[0].gather(Tensor([4, 0, 4, 2] as [Int32])).sin()
    })
  cases.append(
    FunctionCase("scatterAdd", [[4, 3]]) {
      Tensor.apply(
        .scatterAdd(batch: 0, rows: 5), $0[0], Tensor([4, 0, 4, 2] as [Int32])
      ).sin()
    })
  for windows in [
    Windows.centered(height: 3, width: 3), Windows(height: 2, width: 2, stride: 2),
    Windows(height: 1, width: 3, stride: 2, horizontalPadding: 2),
  ] {
    cases.append(
      FunctionCase("patches, \(windows)", [[2, 5, 4, 3]]) { $0[0].patches(windows).sin() })
    let (rows, columns) = windows.counts(height: 5, width: 4)!
    cases.append(
      FunctionCase(
        "foldPatches, \(windows)", [[2, rows, columns, windows.height * windows.width * 3]]
      ) { Tensor.apply(.foldPatches(windows, height: 5, width: 4), $0[0]).sin() })
  }
  cases.append(
    FunctionCase("convolution", [[2, 4, 5, 2], [3, 3, 2, 3]]) { x in
      let patches = x[0].patches(.centered(height: 3, width: 3))
      return patches.reshaped(to: [40, 18]).product(x[1].reshaped(to: [18, 3])).sin()
    })
  for left in [false, true] {
    for right in [false, true] {
      cases.append(
        FunctionCase(
          "product \(left) \(right)",
          [left ? [2, 4, 3] : [2, 3, 4], right ? [2, 5, 4] : [2, 4, 5]]
        ) { $0[0].product($0[1], transposeLeft: left, transposeRight: right).sin() })
    }
  }
  for policy in memoryPolicies {
    cases.append(
      FunctionCase("scan \(policy)", [[3], [4, 3], [3, 3]]) { x in
        let (last, outputs) = Tensor.scan(x[0], over: x[1], length: 4, policy: policy) {
          state, row in
          let h = (state.reshaped(to: [1, 3]).product(x[2]).reshaped(to: [3]) + row).tanh()
          return (h, h * row)
        }
        return last + outputs.sum(axes: [0]) * x[0].sin()
      })
    cases.append(
      FunctionCase("reversed scan \(policy)", [[3], [4, 3]]) { x in
        let (last, outputs) = Tensor.scan(
          x[0], over: x[1], length: 4, reversed: true, policy: policy
        ) { state, row in ((state * row).sin() + 0.5, state * state) }
        return last * outputs
      })
  }
  cases.append(
    FunctionCase("map", [[4, 3], [3]]) { x in
      let (stacked, summed) = Tensor.mapAndSum(over: x[0], length: 4) { row in
        ((row * x[1]).sin(), row * row * x[1])
      }
      return stacked * summed
    })
  cases.append(
    FunctionCase("map inside scan", [[3], [4, 5, 3]]) { x in
      Tensor.scan(x[0], over: x[1], length: 4, policy: .everyStep) { state, row in
        let sum = Tensor.sum(over: row, length: 5) { task in (task * state).sin() }
        return (0.5 * state + 0.1 * sum, NoTensors())
      }.carry
    })
  cases.append(
    FunctionCase("scan inside map", [[5, 3], [5, 4, 3], [3]]) { x in
      Tensor.sum(over: x[0], x[1], length: 5) { start, rows in
        Tensor.scan(start, over: rows, length: 4) { state, row in
          ((state * x[2] + row).tanh(), NoTensors())
        }.carry
      }
    })
  return cases + reductionCases + gatheringCases + partCases + einsumCases + orderCases
    + linearAlgebraCases
}()
