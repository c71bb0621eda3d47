import TensorPrograms
import Testing

/// What loops keep for the reverse sweep.
@Suite struct ResidualTests {
  @Test("The cut is the cheapest one, nearest the sinks, as trying every set finds")
  func minimumCut() {
    for index in 0..<300 {
      var stream = RandomStream(seed: 7, purpose: "cuts", index: UInt64(index))
      let count = 2 + stream.integer(below: 7)
      let costs = (0..<count).map { _ in 1 + stream.integer(below: 6) }
      let edges = (0..<count).flatMap { node in
        (node + 1..<count).compactMap { stream.integer(below: 3) == 0 ? (node, $0) : nil }
      }
      let sources = (0..<count).filter { $0 == 0 || stream.integer(below: 4) == 0 }
      let sinks = (0..<count).filter { $0 == count - 1 || stream.integer(below: 4) == 0 }
      func separates(_ cut: Set<Int>) -> Bool {
        // Edges lead upwards, so one pass in order finds all that is reached.
        var reached = Set(sources).subtracting(cut)
        for (from, to) in edges.sorted(by: { $0.0 < $1.0 })
        where reached.contains(from) && !cut.contains(to) {
          reached.insert(to)
        }
        return reached.isDisjoint(with: sinks)
      }
      func cost(_ cut: Set<Int>) -> Int { cut.reduce(0) { $0 + costs[$1] } }
      let all = (0..<1 << count).map { set in Set((0..<count).filter { set >> $0 & 1 == 1 }) }
      let cheapest = all.filter(separates).map(cost).min()

      var cut = MinimumCut(costs: costs)
      for (from, to) in edges { cut.addEdge(from: from, to: to) }
      for node in sources { cut.addSource(node) }
      for node in sinks { cut.addSink(node) }
      let found = Set(cut.solve())
      #expect(separates(found))
      #expect(cost(found) == cheapest)
    }
  }

  /// Bytes that a step of a loop's forward half emits, of a loss of the last state.
  private func storedBytes(
    _ state: Shape, _ step: (Tensor) -> Tensor
  ) -> Int {
    let program = trace([TensorType(state, .float64)]) { x in
      gradient(at: x) { start in
        Tensor.scan(start[0], length: 5) { (step($0), NoTensors()) }.carry.sum()
      }
    }.program.simplified()
    return program.equations.reduce(0) { bytes, equation in
      guard case .scan(let scan) = equation.primitive, !scan.reversed else { return bytes }
      return bytes
        + scan.body.outputTypes.dropFirst(scan.carries).reduce(0) { $0 + $1.byteCount }
    }
  }

  @Test("A loop stores the fewest bytes that its sweep can go on from")
  func fewestBytes() {
    let (rows, columns) = (4, 6)
    let matrix = rows * columns * 8
    // exp x: its own derivative. One array, whether it is the state or the result.
    #expect(storedBytes([rows, columns]) { x in x.exp() } == matrix)
    // Everything but tanh's result is computed again from it.
    #expect(storedBytes([rows, columns]) { x in (x.tanh() * 3 + 1).tanh() } == matrix)
    // x² of a sum's repetition: the sum is the smaller one.
    #expect(
      storedBytes([rows, columns]) { x in
        x + (x.sum(axes: [1]).squared() * 0.1).expanded(over: [1], to: x.shape)
      } == rows * 8)
    // A linear step keeps nothing.
    #expect(storedBytes([rows, columns]) { x in x * 2 + 1 } == 0)
  }
}
