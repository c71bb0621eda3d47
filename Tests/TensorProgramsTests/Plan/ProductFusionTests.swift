import TensorPrograms
import Testing

/// Products start from what they are added to, where that lies in memory, and pass what follows
/// them.
@Suite struct ProductFusionTests {
  /// Runs a function compiled and interpreted, and returns the plan's lines without indentation.
  private func lines(
    _ shapes: [Shape], _ function: ([Tensor]) -> [Tensor]
  ) -> [Substring] {
    var numbers = Numbers("product fusion")
    let inputs = shapes.map { numbers.tensor($0) }
    let program = trace(inputs.map(\.type), function).program
    let compiled = CompiledProgram(program)
    let expected = Interpreter.run(program, inputs.map(\.doubles))
    for (found, expected) in zip(compiled(inputs), expected) {
      let scale = expected.map(abs).max()!
      #expect(
        zip(found.doubles, expected).allSatisfy { abs($0 - $1) <= 1e-13 * scale },
        "\(compiled.planText)")
    }
    return compiled.planText.split(separator: "\n").map { $0.drop { $0 == " " } }
  }

  private func sums(_ lines: [Substring]) -> (rows: Int, matrices: Int) {
    (lines.count { $0.hasSuffix("+ row") }, lines.count { $0.hasSuffix("+ matrix") })
  }

  @Test("a bias, shared or each task's own")
  func biases() {
    let shared = lines([[7, 5], [5, 33], [33]]) { [($0[0].product($0[1]) + $0[2]).tanh()] }
    #expect(sums(shared) == (1, 0))
    let tall = lines([[3, 7, 5], [5, 33], [33]]) { x in
      [vmap(over: x[0]) { $0.product(x[1]) + x[2] }]
    }
    #expect(sums(tall) == (1, 0))
    let own = lines([[3, 7, 5], [3, 5, 33], [3, 33]]) { x in
      [vmap(over: x) { $0[0].product($0[1]) + $0[2] }]
    }
    #expect(sums(own) == (1, 0))
  }

  @Test("a bias of each task's own beside a matrix of all stays with the other sums")
  func ownBiasesOfSharedWeights() {
    let own = lines([[3, 7, 5], [5, 33], [3, 33]]) { x in
      [vmap(over: x[0], x[2]) { $0.product(x[1]) + $1 }]
    }
    #expect(sums(own) == (0, 0))
  }

  @Test("sums of products, one after the other")
  func products() {
    let two = lines([[6, 5], [5, 9], [6, 4], [4, 9]]) {
      [$0[0].product($0[1]) + $0[2].product($0[3])]
    }
    #expect(sums(two) == (0, 1) && two.count == 2)
    let three = lines([[6, 5], [5, 9], [6, 4], [4, 9], [6, 7], [7, 9]]) {
      [$0[0].product($0[1]) + $0[2].product($0[3]) + $0[4].product($0[5])]
    }
    #expect(sums(three) == (0, 2) && three.count == 3)
  }

  @Test("not where the product is read twice, is an output, or what is added must be computed")
  func others() {
    let twice = lines([[6, 5], [5, 9], [6, 9]]) { x in
      let product = x[0].product(x[1])
      return [product + x[2], product.tanh()]
    }
    #expect(sums(twice) == (0, 0))
    let output = lines([[6, 5], [5, 9], [6, 9]]) { x in
      let product = x[0].product(x[1])
      return [product + x[2], product]
    }
    #expect(sums(output) == (0, 0))
    let computed = lines([[6, 5], [5, 9], [6, 9]]) { [$0[0].product($0[1]) + $0[2].tanh()] }
    #expect(sums(computed) == (0, 0))
  }

  @Test("a loop's carry is added to in place, unless the product reads it")
  func carries() {
    let added = lines([[3, 5, 6], [6, 9], [5, 9]]) { x in
      let last = Tensor.scan(x[2], over: x[0], length: 3) { state, row in
        (state + row.product(x[1]), NoTensors())
      }.carry
      return [last]
    }
    #expect(sums(added) == (0, 1))
    #expect(added[0] == "scan      3 steps, 1 carries (1 in place)", "\(added)")
    let read = lines([[5, 5], [5, 5]]) { x in
      [Tensor.scan(x[0], length: 3) { ($0 + $0.product(x[1]), NoTensors()) }.carry]
    }
    #expect(sums(read) == (0, 1))
    #expect(read[0] == "scan      3 steps, 1 carries (0 in place)", "\(read)")
  }

  @Test("a relu or a gate after a product, or after a sum with one")
  func finishes() {
    func count(_ lines: [Substring], _ suffix: String) -> Int {
      lines.count { $0.hasSuffix(suffix) }
    }
    let layers = lines([[7, 5], [5, 33], [33], [33, 9]]) { x in
      [(x[0].product(x[1]) + x[2]).relu().product(x[3]).relu()]
    }
    #expect(layers.count == 2 && count(layers, "+ row, relu") == 1, "\(layers)")
    #expect(layers.last?.hasSuffix("[33, 9], relu") == true, "\(layers)")
    let gated = lines([[7, 5], [5, 33], [7, 33], [7, 4], [4, 33]]) { x in
      [
        x[0].product(x[1]).gated(by: x[2]),
        (x[0].product(x[1]) * 1 + x[3].product(x[4])).gated(by: x[2].sin()),
      ]
    }
    #expect(count(gated, "gated") == 1, "the product is read twice: \(gated)")
    let sum = lines([[7, 5], [5, 33], [7, 4], [4, 33], [7, 33]]) { x in
      [(x[0].product(x[1]) + x[2].product(x[3])).gated(by: x[4].sin())]
    }
    #expect(count(sum, "+ matrix, gated") == 1, "\(sum)")
    let tasks = lines([[3, 2, 5], [3, 5, 10], [3, 10], [3, 2, 10]]) { x in
      [vmap(over: x) { ($0[0].product($0[1]) + $0[2]).gated(by: $0[3]) }]
    }
    #expect(count(tasks, "+ row, gated") == 1, "\(tasks)")
  }

  @Test("a product finished where its gate was")
  func gatesInPlace() {
    let loop = lines([[4, 5, 6], [6, 9], [5, 9]]) { x in
      let last = Tensor.scan(x[2], over: x[0], length: 4) { state, row in
        (row.product(x[1]).gated(by: state), NoTensors())
      }.carry
      return [last]
    }
    #expect(loop[0] == "scan      4 steps, 1 carries (1 in place)", "\(loop)")
    let own = lines([[5, 5], [5, 5]]) { x in
      [Tensor.scan(x[0], length: 4) { ($0.product(x[1]).gated(by: $0), NoTensors()) }.carry]
    }
    #expect(own[0] == "scan      4 steps, 1 carries (0 in place)", "\(own)")
    let dying = lines([[6, 5], [5, 10], [6, 10]]) { x in
      let gate = x[2].sin().transposed().transposed()
      return [x[0].product(x[1]).gated(by: gate).exp()]
    }
    #expect(dying.count { $0.hasSuffix("gated") } == 1, "\(dying)")
    // A row of the gate is added to every row: it must outlast those written first.
    let row = lines([[20, 5], [5, 9], [20, 9]]) { x in
      let gate = x[2].sin()
      let sum = x[0].product(x[1]) + gate.slice(axis: 0, 3..<4).reshaped(to: [9])
      return [sum.gated(by: gate).exp()]
    }
    #expect(row.count { $0.hasSuffix("+ row, gated") } == 1, "\(row)")
  }

  @Test("a loop over tasks repeats what they share itself")
  func sharedConstants() {
    let plan = lines([[4, 6, 8], [6, 8]]) { x in
      let last = vmap(over: x[0]) { row in
        Tensor.scan(row, length: 3) { ($0.sin() * x[1], NoTensors()) }.carry
      }
      return [last]
    }
    #expect(plan.map { $0.prefix { $0 != " " } } == ["scan", "cluster"], "\(plan)")
  }
}
