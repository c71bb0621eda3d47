import TensorPrograms
import Testing

@Suite struct ProgramTests {
  private func gradientProgram() -> Program {
    trace([TensorType([2, 3], .float32), TensorType([3], .float32)]) { x in
      [gradient(at: x[1]) { w in (x[0].product(w.reshaped(to: [3, 1])).tanh()).sum() }]
    }.program
  }

  /// The documented text form, word for word.
  @Test func textForm() {
    #expect(
      gradientProgram().simplified().description == """
        (%0: f32[2, 3], %1: f32[3]) {
          %2: f32[3, 1] = reshape %1
          %3: f32[2, 1] = product %0, %2
          %4: f32[2, 1] = tanh %3
          %5: f32[2, 1] = multiply %4, %4
          %6: f32[] = constant[1.0]
          %7: f32[2, 1] = broadcast[axes ()] %6
          %8: f32[2, 1] = subtract %7, %5
          %9: f32[3, 1] = product[left transposed] %0, %8
          %10: f32[3] = reshape %9
          return %10
        }

        """)
  }

  @Test func textFormOfLoops() {
    let program = trace([TensorType([2], .float64)]) { x in
      [Tensor.scan(x[0], length: 3) { ($0 * 2, NoTensors()) }.carry]
    }.program
    #expect(
      program.description == """
        (%0: f64[2]) {
          %1: f64[2] = scan[length 3, constants 0, carries 1, storeAll] %0
            (%0: f64[2]) {
              %1: f64[2] = constant[2.0]
              %2: f64[2] = multiply %0, %1
              return %2
            }
          return %1
        }

        """)
  }

  /// A program that breaks a rule is found out, whichever rule it is.
  @Test func verifierFindsBrokenPrograms() throws {
    let program = gradientProgram()
    try program.verify()
    var undefined = program
    undefined.equations.removeFirst()
    #expect(throws: ProgramError.self) { try undefined.verify() }
    var twice = program
    twice.equations.append(program.equations[0])
    #expect(throws: ProgramError.self) { try twice.verify() }
    var wrongType = program
    wrongType.types[wrongType.equations[0].outputs[0]] = TensorType([7], .float32)
    #expect(throws: ProgramError.self) { try wrongType.verify() }
    var noOutput = program
    noOutput.outputs = [noOutput.types.count]
    #expect(throws: ProgramError.self) { try noOutput.verify() }
  }

  @Test func simplificationFoldsAndShares() {
    let program = trace([TensorType([4], .float64)]) { x in
      let y = x[0] * 1 + 0
      let constant = Tensor([2.0], shape: []).exp() * Tensor([3.0], shape: [])
      return [y.sin() + x[0].sin(), constant + 0, -(-x[0])]
    }.program
    let simplified = program.simplified()
    let names = simplified.equations.map(\.primitive.name)
    #expect(names.filter { $0 == "sin" }.count == 1)
    #expect(!names.contains("exp") && !names.contains("negate") && !names.contains("multiply"))
    #expect(simplified.inputs.count == 1 && simplified.outputs.count == 3)
  }

  /// What a loop carries in vain is dropped, and what never changes leaves it.
  @Test func loopsLoseIdleParts() {
    let type = TensorType([3], .float64)
    let program = trace([type, type, type]) { x in
      let (last, outputs) = Tensor.scan([x[0], x[1]], length: 4) { state in
        ([state[0] + x[2].exp(), state[1] * 2], [state[1], state[0]])
      }
      return [last[0], outputs[1]]
    }.program
    let simplified = program.simplified()
    #expect(simplified.equations.map(\.primitive.name) == ["exp", "scan"])
    guard case .scan(let scan) = simplified.equations[1].primitive else {
      Issue.record("no loop is left")
      return
    }
    #expect(scan.carries == 1 && scan.outputs == 1 && scan.constants == 1)
  }
}
