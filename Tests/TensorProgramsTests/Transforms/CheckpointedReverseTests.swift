import TensorPrograms
import Testing

/// Reverse sweeps with few kept states: what they compute, what they run, what they take.
@Suite struct CheckpointedReverseTests {
  /// A loop with whole numbers among its carries, outputs, a constant, and a carry that only
  /// counts.
  private func objective(
    _ x: [Tensor], length: Int, reversed: Bool = false, policy: MemoryPolicy
  ) -> Tensor {
    let following = Tensor([3, 0, 4, 1, 2] as [Int32])
    let (last, outputs) = Tensor.scan(
      [x[0], Tensor([1, 2] as [Int32]), Tensor([0.0])], over: x[1], length: length,
      reversed: reversed, policy: policy
    ) { state, row in
      let chosen = x[2].gather(state[1])
      let h = (state[0] * chosen + row).tanh()
      return ([h, following.gather(state[1]), state[2] + 1], [h * row, chosen * state[2]])
    }
    return (last[0] * outputs[0].sum(axes: [0])).sum() + outputs[1].squared().sum()
  }

  private func arguments(_ length: Int) -> [Tensor] {
    var numbers = Numbers("whole numbers", index: UInt64(length))
    return [numbers.tensor([2, 3]), numbers.tensor([length, 2, 3]), numbers.tensor([5, 3])]
  }

  @Test(arguments: [0, 1, 2, 3, 7, 12, 31])
  func equalsStoreAll(_ length: Int) {
    let x = arguments(length)
    for reversed in [false, true] {
      func derivatives(_ policy: MemoryPolicy) -> [Tensor] {
        let g = { (x: [Tensor]) in
          gradient(at: x) { objective($0, length: length, reversed: reversed, policy: policy) }
        }
        return compile(x.map(\.type)) { x in
          g(x) + gradient(at: x) { g($0).reduce(Tensor([0.0], shape: [])) { $0 + ($1 * $1).sum() } }
        }(x)
      }
      let expected = derivatives(.storeAll)
      for snapshots in [1, 2, 3, 5, length + 1] {
        #expect(
          relativeDifference(derivatives(.binomial(snapshots: snapshots)), expected) < 1e-12)
      }
    }
  }

  /// The steps that a schedule promises are those that run; calls do not disturb each other.
  @Test func advancesAsScheduled() {
    for (length, snapshots) in [(1, 1), (2, 1), (9, 1), (12, 3), (50, 4), (50, 50), (50, 80)] {
      let x = arguments(length)
      let compiled = compile(x.map(\.type)) { x in
        gradient(at: x) {
          objective($0, length: length, policy: .binomial(snapshots: snapshots))
        }
      }
      let promised = BinomialSchedule.advancedSteps(length: length, snapshots: snapshots)
      let first = compiled(x)
      #expect(compiled.advancedSteps == promised)
      #expect(zip(compiled(x), first).allSatisfy { $0.doubles == $1.doubles })
      #expect(compiled.advancedSteps == 2 * promised)
    }
  }

  /// Tasks in blocks share the schedule of a sweep, and no state is kept beyond its snapshots.
  @Test func staysOneSweepInBlocks() {
    let (length, count) = (200, 13)
    let tasks = (0..<count).map { task -> [Tensor] in
      var numbers = Numbers("tasks", index: UInt64(task))
      return [numbers.tensor([400]), numbers.tensor([length, 1])]
    }
    let stacked = [0, 1].map { k in Tensor.stack(tasks.map { $0[k] }) }
    func compiled(_ policy: MemoryPolicy) -> CompiledProgram {
      compile(stacked.map(\.type)) { x in
        Tensor.map(over: x, length: count) { task in
          gradient(at: task) { point in
            Tensor.scan(point[0], over: point[1], length: length, policy: policy) {
              (($0 * 1.01 + $1).sin(), NoTensors())
            }.carry.sum()
          }
        }
      }
    }
    let (sparing, plain) = (compiled(.binomial(snapshots: 4)), compiled(.everyStep))
    #expect(relativeDifference(sparing(stacked), plain(stacked)) < 1e-12)
    #expect(sparing.text.contains("checkpointedReverse"))
    let blocks = sparing.advancedSteps / BinomialSchedule.advancedSteps(length: 200, snapshots: 4)
    #expect(blocks >= 7 && blocks <= count)
    #expect(sparing.peakBytes < plain.peakBytes / 10)
  }

  /// A sweep as text, verified, with what nobody reads left out.
  @Test func text() throws {
    let type = TensorType([3], .float64)
    let compiled = compile([type, TensorType([5, 3], .float64)]) { x in
      let slope = gradient(at: x[0]) { point in
        Tensor.scan(
          [point, Tensor([0.0])], over: x[1], length: 5, policy: .binomial(snapshots: 2)
        ) { state, row in ([state[0] * state[0] * row, state[1] + 1], state[1]) }
        .carry[0].sum()
      }
      return [slope]
    }
    try compiled.program.verify()
    #expect(
      compiled.text == """
        (%0: f64[3], %1: f64[5, 3]) {
          %2: f64[] = constant[1.0]
          %3: f64[3] = broadcast[axes ()] %2
          %4: f64[3] = checkpointedReverse[length 5, constants 0, carries 1, slices 1, \
        adjoints 1, snapshots 2] %0, %1, %3
            (%0: f64[3], %1: f64[3], %2: f64[3]) {
              %3: f64[3] = multiply %0, %0
              %4: f64[3] = multiply %1, %3
              %5: f64[3] = multiply %1, %2
              %6: f64[3] = multiply %0, %5
              %7: f64[3] = add %6, %6
              return %4, %7
            }
          return %4
        }

        """)
    #expect(
      compiled.planText == """
          fill      3 elements
          sweep     5 steps with 2 snapshots, 6 steps advanced
            cluster   3 elements, 2 operations, reads 2, writes 1
          pullback
            cluster   3 elements, 3 operations, reads 3, writes 1
        """)
  }
}
