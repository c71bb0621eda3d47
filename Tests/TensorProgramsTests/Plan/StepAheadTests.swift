import TensorPrograms
import Testing

/// Loops whose steps have a part that does not wait for what is carried.
@Suite struct StepAheadTests {
  private static let width = 32

  /// The gradient of a run of so many segments of 12 steps with respect to its start and its rates,
  /// every segment being advanced again before it is swept.
  private static func gradients(segments: Int) -> ([Tensor]) -> [Tensor] {
    { x in
      gradient(at: x) { x in
        Tensor.scan(x[0], length: segments, policy: .everyStep) { state in
          let passed = Tensor.scan(state, length: 12) { state in
            (state - x[1] * state.product(state).tanh(), NoTensors())
          }
          return (passed.carry, NoTensors())
        }.carry.squared().mean()
      }
    }
  }

  private static func arguments() -> [Tensor] {
    var numbers = Numbers("ahead")
    return [numbers.tensor([width, width], -0.2...0.2), numbers.tensor([width, width], 0...0.1)]
  }

  @Test("however workers divide the steps, the bits are the same, and the interpreter's numbers")
  func sameBits() throws {
    let arguments = StepAheadTests.arguments()
    let compiled = compile(arguments.map(\.type), StepAheadTests.gradients(segments: 8))
    #expect(compiled.planText.contains("a step ahead"))
    let first = compiled(arguments).map(\.doubles)
    // Trials come and go meanwhile.
    for _ in 0..<12 { #expect(compiled(arguments).map(\.doubles) == first) }
    let expected = Interpreter.run(compiled.program, arguments.map(\.doubles))
    for (found, expected) in zip(first, expected) {
      let scale = expected.map(abs).max()!
      #expect(scale > 0 && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 * scale })
    }
  }

  @Test("outputs straight from what ran ahead, integers, reversed", arguments: [false, true])
  func whatIsHandedOver(reversed: Bool) throws {
    let (length, count) = (6, 40)
    let types = [
      TensorType([count, count], .float64), TensorType([length, count, count], .float64),
      TensorType([length, 7], .int32),
    ]
    let compiled = compile(types) { x in
      let run = Tensor.scan(
        x[0], over: x[1], x[2], length: length, reversed: reversed
      ) { state, table, indices in
        let rowsOfTable = table.gather(indices)
        let first = Tensor.scan(table, length: 5) { state in
          (0.5 * state.product(x[0]).tanh(), state.sin())
        }
        let second = Tensor.scan(state, over: first.outputs, length: 5) { state, row in
          (0.5 * (state.product(row)).tanh(), NoTensors())
        }
        let picked = second.carry.gather(indices) * rowsOfTable
        return (
          second.carry,
          [first.carry, first.outputs.sum(axes: [0]), picked, indices, table]
        )
      }
      return [run.carry] + run.outputs
    }
    #expect(compiled.planText.contains("a step ahead"))
    var numbers = Numbers("handed over")
    let arguments = [
      numbers.tensor(types[0].shape, -0.3...0.3), numbers.tensor(types[1].shape, -0.3...0.3),
      Tensor((0..<length * 7).map { Int32($0 * 11 % count) }).reshaped(to: types[2].shape),
    ]
    let first = compiled(arguments).map(\.doubles)
    for _ in 0..<12 { #expect(compiled(arguments).map(\.doubles) == first) }
    let expected = Interpreter.run(compiled.program, arguments.map(\.doubles))
    for (found, expected) in zip(first, expected) {
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }

  @Test("what is kept for two steps counts as memory")
  func memory() {
    let compiled = compile(
      StepAheadTests.arguments().map(\.type), StepAheadTests.gradients(segments: 20))
    let matrix = StepAheadTests.width * StepAheadTests.width * 8
    let (one, two) = (compiled.plan.peakBytes(workers: 1), compiled.plan.peakBytes(workers: 2))
    // Twelve steps' states and more.
    #expect(two - one > 12 * matrix)
  }

  @Test("tasks leave no worker for it, and short loops no time")
  func whereItDoesNotPay() {
    let types = StepAheadTests.arguments().map(\.type)
    let short = compile(types, StepAheadTests.gradients(segments: 3))
    #expect(!short.planText.contains("a step ahead"))
    let tasks = compile(types.map { $0.prepending(4) }) { x in
      Tensor.sum(over: x, length: 4) { StepAheadTests.gradients(segments: 20)($0) }
    }
    #expect(!tasks.planText.contains("a step ahead"))
  }
}
