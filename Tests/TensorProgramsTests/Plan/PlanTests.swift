import Foundation
import TensorPrograms
import Testing

@Suite struct PlanTests {
  /// Elementwise chains become one cluster, and carries are overwritten where that is safe.
  @Test func fusesAndOverwrites() {
    let type = TensorType([64, 32], .float32)
    let compiled = compile([type, type]) { x in
      Tensor.scan([x[0], x[1]], length: 10) { state in
        let v = 0.9 * state[1] + state[0].tanh()
        return ([state[0] - 0.1 * v, v], NoTensors())
      }.carry
    }
    #expect(
      compiled.planText == """
          scan      10 steps, 2 carries (2 in place)
            cluster   2048 elements, 3 operations, reads 4, writes 2
        """)
  }

  /// What only a later cluster reads is computed there: a sum of inputs where it is wanted.
  @Test func computesWhereItIsRead() {
    let type = TensorType([16, 16], .float64)
    let late = compile([type, type, type]) { x in
      let sum = x[0] + x[1]
      return [x[2].product(x[2]).tanh() * sum]
    }
    #expect(
      late.planText == """
          product   1 × [16, 16] · [16, 16]
          cluster   256 elements, 3 operations, reads 3, writes 1
        """)
    var numbers = Numbers("late")
    let inputs = (0..<3).map { _ in numbers.tensor([16, 16]) }
    let found = late(inputs)[0].doubles
    let expected = ((inputs[2].product(inputs[2])).tanh() * (inputs[0] + inputs[1])).doubles
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  /// A softmax's sum is taken where its exponentials are computed; a sum over the first axis, and
  /// one over rows longer than a block, are kernels of their own.
  @Test func reducesRowsWhereTheyAreComputed() {
    func text(_ shape: Shape, axes: [Int]) -> String {
      compile([TensorType(shape, .float64)]) { [$0[0].exp().sum(axes: axes)] }.planText
    }
    let fused = "  cluster   640 elements, 1 operations, reads 1, writes 1 (1 reduced)"
    #expect(text([64, 10], axes: [1]) == fused)
    #expect(text([8, 8, 2, 5], axes: [2, 3]) == fused)
    #expect(text([64, 10], axes: [0]).contains("sum "))
    #expect(text([2, 600], axes: [1]).contains("sum "))
    let softmax = compile([TensorType([64, 10], .float32)]) { x in
      let scores = 2 * x[0]
      let e = (scores - scores.maximum(axes: [1]).broadcast(to: [64, 10], axes: [0])).exp()
      return [e / e.sum(axes: [1]).broadcast(to: [64, 10], axes: [0])]
    }
    #expect(
      softmax.planText == """
          cluster   640 elements, 1 operations, reads 2, writes 2 (1 reduced)
          cluster   640 elements, 2 operations, reads 2, writes 2 (1 reduced)
          cluster   640 elements, 1 operations, reads 2, writes 1
        """)
  }

  /// Equal programs have equal plans, whenever they are planned.
  @Test func plansAreDeterministic() {
    func text() -> String {
      compile([TensorType([5, 4], .float64)]) { x in
        gradient(at: x) { ($0[0].exp().sum(axes: [0]) * $0[0].sin()).sum() }
      }.planText
    }
    #expect(text() == text())
  }

  /// Carries that exchange places, and outputs that are inputs, need copies; values decide.
  @Test func exchangedCarries() {
    for length in [1, 2, 5] {
      let compiled = compile([TensorType([3], .float64), TensorType([3], .float64)]) { x in
        let (last, history) = Tensor.scan([x[0], x[1]], length: length) { state in
          ([state[1], state[0] + state[1]], state[0])
        }
        return last + [history, x[0], x[0]]
      }
      var (a, b) = (1.0, 1.0)
      var history: [Double] = []
      for _ in 0..<length {
        history += [a, a, a]
        (a, b) = (b, a + b)
      }
      let ones = Tensor([1.0, 1, 1])
      let found = compiled([ones, ones])
      #expect(found[0].doubles == [a, a, a] && found[1].doubles == [b, b, b])
      #expect(found[2].doubles == history)
      #expect(found[3].doubles == ones.doubles && found[4].doubles == ones.doubles)
    }
  }

  /// A map's last, smaller block has memory of its own beside the others'.
  @Test func memoryOfMaps() {
    func bytes(tasks: Int) -> Int {
      let type = TensorType([tasks, 40], .float64)
      let mapped = compile([type]) { x in
        Tensor.sum(over: x, length: tasks) { rows in
          let passed = Tensor.scan(rows[0], length: 3) { ($0.sin(), $0.exp()) }
          return [passed.outputs.sum(axes: [0])]
        }
      }
      let sums = mapped([Tensor(repeating: 0.3, type)])[0].doubles
      let expected = exp(0.3) + exp(sin(0.3)) + exp(sin(sin(0.3)))
      #expect(sums.allSatisfy { abs($0 - expected * Double(tasks)) < 1e-11 })
      return mapped.plan.peakBytes(workers: 1)
    }
    // Four blocks of two tasks and one of one, five of two.
    let (nine, ten) = (bytes(tasks: 9), bytes(tasks: 10))
    #expect(nine > ten && nine < 2 * ten)
  }

  /// Calls from several threads at once give what one gives.
  @Test func concurrentCalls() async {
    let compiled = compile([TensorType([50, 50], .float64)]) { x in
      [x[0].product(x[0]).tanh().product(x[0])]
    }
    var numbers = Numbers("concurrent")
    let x = numbers.tensor([50, 50])
    let expected = compiled([x])[0].doubles
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask { (0..<20).allSatisfy { _ in compiled([x])[0].doubles == expected } }
      }
      for await same in group { #expect(same) }
    }
  }
}
