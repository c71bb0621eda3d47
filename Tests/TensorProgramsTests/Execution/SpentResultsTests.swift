import TensorPrograms
import Testing

@Suite struct SpentResultsTests {
  private let next = compile(like: [Tensor([0.0, 0]), Tensor([0.0])]) {
    [$0[0] + 1, $0[1] * 2]
  }.program

  @Test("results that nobody has kept are written anew, others are not")
  func areWrittenAnew() {
    let arguments = [Tensor([1.0, 2]), Tensor([3.0])]
    var first = next(arguments)
    let places = first.map { UInt(bitPattern: $0.buffer.pointer) }
    let kept = first[0]
    let reshaped = first[1].reshaped(to: [1, 1])
    // Both are referred to, the second by its elements alone.
    first = next(first, into: first)
    #expect(kept.doubles == [2, 3] && reshaped.doubles == [6])
    #expect(first.map(\.doubles) == [[3, 4], [12]])
    #expect(zip(first, places).allSatisfy { UInt(bitPattern: $0.buffer.pointer) != $1 })
  }

  @Test("what goes round in a loop stays where it is, and constants of programs are never touched")
  func staysInPlace() {
    var older = next([Tensor([0.0, 0]), Tensor([1.0])])
    var newer = next(older)
    let places = Set((older + newer).map { UInt(bitPattern: $0.buffer.pointer) })
    // A program that has a result for a constant.
    func adding(_ constant: Tensor) -> CompiledFunction<Tensor, Tensor> {
      compile(like: constant) { $0 + constant }
    }
    let sum = adding(newer[0])
    for _ in 0..<6 {
      let spent = older
      older = []
      let results = next(newer, into: spent)
      (older, newer) = (newer, results)
    }
    #expect(newer[0].doubles == [8, 8] && newer[1].doubles == [256])
    #expect(sum(Tensor([1.0, 1])).doubles == [3, 3])
    #expect(places.contains(UInt(bitPattern: newer[1].buffer.pointer)))
    #expect(places.contains(UInt(bitPattern: older[1].buffer.pointer)))
  }
}
