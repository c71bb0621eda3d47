import TensorPrograms
import Testing

@Suite struct UsesTests {
  private let type = TensorType([2], .float64)

  @Test func definitionsAndReaders() {
    let (program, _) = trace([type, type]) { x in
      let square = x[0] * x[0]
      return [square + x[1], square]
    }
    let uses = Uses(program)
    let (first, second) = (program.inputs[0], program.inputs[1])
    let (sum, square) = (program.outputs[0], program.outputs[1])
    #expect(uses.position(defining: first) == nil && uses.equation(defining: second) == nil)
    #expect(uses.position(defining: square) == 0 && uses.position(defining: sum) == 1)
    #expect(uses.equation(defining: sum)?.inputs == [square, second])
    #expect(uses.readers(of: first) == [0, 0] && uses.readers(of: square) == [1])
    #expect(uses.readers(of: sum).isEmpty && uses.isUsed(sum))
    #expect(uses.isOutput(square) && !uses.isOutput(first))
    // The first input is read twice, the square is wanted as a result too.
    #expect([first, second, square, sum].map(uses.isReadOnce) == [false, true, false, false])
  }

  /// A loop's step (a, b, c, d) ↦ (b + c, c, d · d, d): what has a property hands it on step by
  /// step, from d by c and b to a, and never back.
  @Test func propertiesSpreadAlongCarries() {
    let (body, _) = trace([type, type, type, type]) { x in
      [x[1] + x[2], x[2] * 1, x[3] * x[3], x[3] * 1]
    }
    let carried = (0..<4).map { Carried(output: $0, input: $0) }
    func marks(_ position: Int) -> [Bool] { (0..<4).map { $0 == position } }
    func reached(_ position: Int) -> [Bool] {
      body.inputs(marked: marks(position), spreadingBy: carried) { body.reach(from: $0) }
    }
    #expect(reached(3) == [true, true, true, true])
    #expect(reached(1) == [true, true, false, false])
    #expect(reached(0) == [true, false, false, false])
    func wanted(_ position: Int) -> [Bool] {
      body.outputs(marked: marks(position), wantedBy: carried)
    }
    #expect(wanted(0) == [true, true, true, true])
    #expect(wanted(2) == [false, false, true, true])
    #expect(wanted(3) == [false, false, false, true])
  }
}
