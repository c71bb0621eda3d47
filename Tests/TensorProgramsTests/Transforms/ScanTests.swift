import TensorPrograms
import Testing

/// The laws of the loop with a carry, each to 1e-12 in double.
@Suite struct ScanTests {
  private static let length = 6

  /// One step of momentum on a small regression, its rates captured from outside.
  private func step(
    _ state: [Tensor], _ row: [Tensor], _ rates: [Tensor]
  ) -> [Tensor] {
    let count = rates.count
    let weights = Array(state.prefix(count))
    let g = gradient(at: weights) { loss($0, row[0], row[1]) }
    let velocity = zip(state.dropFirst(count), g).map { 0.7 * $0 + $1 }
    return zip(weights, zip(rates, velocity)).map { $0 - $1.0 * $1.1 } + velocity
  }

  private func loss(_ w: [Tensor], _ x: Tensor, _ y: Tensor) -> Tensor {
    let h = (x.product(w[0]) + w[1]).tanh()
    return (h.product(w[2]) - y).squared().mean()
  }

  private let shapes: [Shape] = [[3, 5], [5], [5, 2]]

  private func values(_ name: String, _ range: ClosedRange<Double>) -> [Tensor] {
    var numbers = Numbers(name)
    return shapes.map { numbers.tensor($0, range) }
  }

  private func data(_ index: UInt64 = 0) -> [Tensor] {
    var numbers = Numbers("data", index: index)
    return [numbers.tensor([ScanTests.length, 7, 3]), numbers.tensor([ScanTests.length, 7, 2])]
  }

  private func trained(
    _ rates: [Tensor], _ data: [Tensor], _ policy: MemoryPolicy?
  ) -> [Tensor] {
    let start = values("weights", -0.7...0.7)
    let state = start + start.map { .zeros($0.type) }
    guard let policy else {
      return (0..<ScanTests.length).reduce(state) { state, t in
        step(state, data.map { $0[t] }, rates)
      }
    }
    return Tensor.scan(state, over: data, length: ScanTests.length, policy: policy) {
      (step($0, $1, rates), NoTensors())
    }.carry
  }

  private func objective(_ rates: [Tensor], _ data: [Tensor], _ policy: MemoryPolicy?) -> Tensor {
    let w = trained(rates.map { ($0 - 2).exp() }, data, policy)
    return loss(w, data[0][0], data[1][0])
  }

  /// The gradient and a Hessian product of the objective.
  private func derivatives(_ data: [Tensor], _ policy: MemoryPolicy?) -> [Tensor] {
    let (rates, direction) = (values("rates", -0.5...0.5), values("direction", -1...1))
    let g = { (r: [Tensor]) in gradient(at: r) { objective($0, data, policy) } }
    return g(rates)
      + gradient(at: rates) { r in
        zip(g(r), direction).map { ($0 * $1).sum() }.reduce(Tensor([0.0], shape: []), +)
      }
  }

  @Test(arguments: memoryPolicies)
  func unrolledEqualsScan(_ policy: MemoryPolicy) {
    #expect(relativeDifference(derivatives(data(), policy), derivatives(data(), nil)) < 1e-12)
  }

  @Test(arguments: memoryPolicies)
  func batchedScanEqualsLoop(_ policy: MemoryPolicy) {
    let tasks = (0..<4).map { data(UInt64($0)) }
    let batched = vmap(over: [0, 1].map { k in Tensor.stack(tasks.map { $0[k] }) }) {
      derivatives($0, policy)
    }
    let loop = tasks.map { derivatives($0, policy) }
    for index in batched.indices {
      #expect(relativeDifference([batched[index]], [Tensor.stack(loop.map { $0[index] })]) < 1e-12)
    }
  }

  @Test(arguments: memoryPolicies)
  func forwardEqualsReverse(_ policy: MemoryPolicy) {
    let (rates, direction) = (values("rates", -0.5...0.5), values("direction", -1...1))
    let forward = jvp(at: rates, along: direction) { objective($0, data(), policy) }.tangent
    let reverse = gradient(at: rates) { objective($0, data(), policy) }
    let dot = zip(reverse, direction).reduce(0) { $0 + ($1.0 * $1.1).sum().scalar }
    #expect(abs(forward.scalar - dot) < 1e-12 * abs(dot))
  }

  /// Maps over tasks, compiled in blocks that do not divide their number, against a loop.
  @Test func blockedMapEqualsLoop() {
    let count = 19
    let tasks = (0..<count).map { data(UInt64($0)) }
    let stacked = [0, 1].map { k in Tensor.stack(tasks.map { $0[k] }) }
    let rates = values("rates", -0.5...0.5)
    let compiled = compile(stacked.map(\.type)) { values in
      let (stacked, summed) = Tensor.mapAndSum(over: values, length: count) { row in
        let (value, g) = valueAndGradient(at: rates) { objective($0, row, .storeAll) }
        return (value, g)
      }
      return [stacked] + summed
    }
    let found = compiled(stacked)
    let loop = tasks.map { task in valueAndGradient(at: rates) { objective($0, task, .storeAll) } }
    #expect(relativeDifference([found[0]], [Tensor.stack(loop.map(\.value))]) < 1e-12)
    for index in rates.indices {
      let sum = loop.map { $0.gradient[index] }.reduce(Tensor.zeros(rates[index].type), +)
      #expect(relativeDifference([found[1 + index]], [sum]) < 1e-12)
    }
    #expect(compiled(stacked)[1].doubles == found[1].doubles)
  }
}
