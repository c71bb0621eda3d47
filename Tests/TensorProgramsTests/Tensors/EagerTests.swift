import Foundation
import Synchronization
import TensorPrograms
import Testing

/// What happens outside traces: operations that run at once, stacks of what is made one by one.
@Suite struct EagerTests {
  @Test("an operation with a plan from before gives what it gave the first time")
  func keptPlans() {
    let x = Tensor([1, -2, 3] as [Double])
    for round in 1...3 {
      let scale = Tensor([Double(round), 1, -1])
      #expect((x * scale).doubles == [Double(round), -2, -3])
      #expect((x * 2 + scale).sum().scalar == 4 + Double(round))
      // The same primitive of another shape, type or axis is another plan.
      #expect((Tensor([2, 4] as [Float]) * Tensor([3, 5] as [Float])).doubles == [6, 20])
      let square = Tensor([1, 2, 3, 4] as [Double], shape: [2, 2])
      #expect(square.sum(axes: [0]).doubles == [4, 6] && square.sum(axes: [1]).doubles == [3, 7])
    }
  }

  @Test("more operations than plans are kept of")
  func manyPlans() {
    for count in 1...1500 {
      let ones = Tensor([Double](repeating: 1, count: count))
      if (ones + 1).sum().scalar != Double(2 * count) {
        Issue.record("a sum of \(count) elements")
      }
    }
  }

  @Test("threads that run the same operation do not disturb one another")
  func threads() {
    let wrong = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for round in 0..<500 {
        let x = Tensor([Double(thread), Double(round)])
        if (x * x).doubles != [Double(thread * thread), Double(round * round)] {
          wrong.add(1, ordering: .relaxed)
        }
      }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }

  @Test("a tensor of another shape has the same elements")
  func reshaped() {
    let x = Tensor([1, 2, 3, 4, 5, 6] as [Float])
    let y = x.reshaped(to: [2, 3])
    #expect(y.shape == [2, 3] && y.doubles == [1, 2, 3, 4, 5, 6] && y[1].doubles == [4, 5, 6])
    #expect(x.repeated(1).shape == [1, 6] && x.repeated(2).doubles == x.doubles + x.doubles)
  }

  @Test("elements that a function gives one after the other")
  func generated() {
    var next = 0.5
    let x = Tensor(TensorType([2, 2], .float32)) {
      next += 1
      return next
    }
    #expect(x.doubles == [1.5, 2.5, 3.5, 4.5] && x.shape == [2, 2])
    #expect(Tensor(TensorType([2], .int32)) { 3 }.doubles == [3, 3])
    #expect(Tensor(repeating: -0.5, TensorType([3], .float64)).doubles == [-0.5, -0.5, -0.5])
  }

  @Test("rows are where they belong, constants and repeated ones included", arguments: [1, 2, 40])
  func rows(count: Int) {
    for workers in [1, 2, 4] {
      ExecutionOptions.$current.withValue(ExecutionOptions(workers: workers)) {
        let write = { @Sendable (row: inout TensorRow, index: Int) in
          row.append(Tensor([Double(index), Double(index * index)]))
          row.append(.zeros(TensorType([2], .float32)))
          row.append(Tensor(repeating: Double(index), TensorType([], .float64)))
          for isRepeated in [false, true] {
            row.append(leading: 3, TensorType([2], .int32), isRepeated: isRepeated) {
              Double(index + 1 + $0)
            }
          }
          row.finish()
        }
        var row = TensorRow(firstOf: count)
        write(&row, 0)
        let first = row
        let others = BackgroundWork(count: count - 1) { index in
          var row = first.row(index + 1)
          write(&row, index + 1)
        }
        others.finish()
        let tensors = first.tensors
        #expect(tensors[0].shape == [count, 2] && tensors[3].shape == [count, 3, 2])
        let numbers = (0..<count).map { Double($0) }
        #expect(tensors[0].doubles == numbers.flatMap { [$0, $0 * $0] })
        #expect(tensors[1].isZero && tensors[2].doubles == numbers)
        #expect(
          tensors[3].doubles == numbers.flatMap { index in (1...6).map { index + Double($0) } })
        #expect(
          tensors[4].doubles
            == numbers.flatMap { index in [1, 2, 1, 2, 1, 2].map { index + $0 } })
      }
    }
  }

  @Test("two things at once give what they give one after the other", arguments: [1, 2, 4])
  func both(workers: Int) {
    ExecutionOptions.$current.withValue(ExecutionOptions(workers: workers)) {
      for round in 0..<200 {
        let found = concurrently({ round * 2 }, { Tensor([Double(round)]) + 1 })
        #expect(found.0 == round * 2 && found.1.doubles == [Double(round + 1)])
      }
    }
  }

  @Test("one pass tells the norm, zeros and what is not finite")
  func summaries() {
    for count in [1, 7, 8, 9, 31] {
      let values = (0..<count).map { Double($0) - 3.25 }
      for scalar in [ScalarType.float32, .float64] {
        let type = TensorType([count], scalar)
        let summary = Tensor(values, type).summary
        let expected = values.reduce(0) { $0 + $1 * $1 }
        #expect(abs(summary.sumOfSquares - expected) <= 1e-12 * expected)
        #expect(summary.isFinite && !summary.isZero)
        for bad in [Double.nan, .infinity, -.infinity] {
          var spoiled = values
          spoiled[count - 1] = bad
          #expect(!Tensor(spoiled, type).summary.isFinite)
        }
        #expect(Tensor.zeros(type).summary.isZero && Tensor.zeros(type).isZero)
      }
    }
    // Squares that vanish or overflow say nothing of what was squared.
    #expect(!Tensor([1e-300, 0]).isZero)
    #expect(Tensor([1e300, -1e300]).summary.isFinite)
    #expect(!Tensor([Float.leastNonzeroMagnitude]).isZero)
  }
}
