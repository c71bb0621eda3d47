import CKernels
import Testing

@Suite struct ClusterTests {
  static let allOperations: [mr_operation] =
    FunctionRow.all.map(\.operation) + [
      MR_ADD, MR_SUBTRACT, MR_MULTIPLY, MR_DIVIDE, MR_MAXIMUM, MR_MINIMUM, MR_POWER, MR_EQUAL,
      MR_LESS, MR_LESS_EQUAL, MR_SELECT, MR_MULTIPLY_ADD, MR_MULTIPLY_SUBTRACT_FROM,
    ]

  @Test(arguments: ["f32", "f64"]) func everyKindOfAccess(type: String) {
    if type == "f32" { check(Float.self) } else { check(Double.self) }
    func check<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(3)
      let extents = [1, 2, 3, 7, 10, 16, 17, 33, 64, 128, 300, 800, 1500, 1600, 4096]
      for _ in 0..<300 {
        var shape: [Int] = []
        for _ in 0..<Int.random(in: 0...5, using: &random) {
          shape.append(extents.randomElement(using: &random)!)
          if shape.reduce(1, *) > 20_000 { shape.removeLast() }
        }
        let count = shape.reduce(1, *)
        var accesses: [mr_access] = [], inputs: [[T]] = [], expanded: [[T]] = []
        for _ in 0..<3 {
          let (access, strides, size) = randomAccess(shape, &random)
          let input: [T] = random.array(size)
          accesses.append(access)
          inputs.append(input)
          expanded.append(naiveExpansion(input, shape, strides))
        }
        // (a + b) * c, twice through one slot.
        let cluster = TestCluster(
          [.init(MR_ADD, to: 3, 0, 1), .init(MR_MULTIPLY, to: 3, 3, 2)], accesses: accesses,
          outputs: [3], shape: shape, slots: 1)
        let expected = (0..<count).map { (expanded[0][$0] + expanded[1][$0]) * expanded[2][$0] }
        let start = Int.random(in: 0...count, using: &random)
        let results = cluster.run(inputs, ranges: [0..<start, start..<count])[0]
        #expect(results == expected, "shape \(shape), split at \(start)")
      }
    }
  }

  /// Rows are reduced to the bits of a reduction on its own, whatever else is read and wherever the
  /// cluster is cut into shares.
  @Test(arguments: ["f32", "f64"]) func reducesRows(type: String) {
    if type == "f32" { check(Float.self) } else { check(Double.self) }
    func check<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(4)
      for row in Array(2...20) + [31, 32, 33, 40, 64, 65, 100, 127, 128, 200, 256, 300, 511, 512] {
        for rows in [1, 2, 7, 40] {
          let count = rows * row
          let (x, bias, scale): ([T], [T], [T]) = (
            random.array(count), random.array(row), random.array(rows)
          )
          // (x + bias) * scale, a bias for each column and a scale for each row.
          let accesses: [mr_access] = [.contiguous, .strided([0, 1]), .strided([1, 0])]
          for writesValues in [true, false] {
            var cluster = TestCluster(
              [.init(MR_ADD, to: 3, 0, 1), .init(MR_MULTIPLY, to: 4, 3, 2)], accesses: accesses,
              outputs: writesValues ? [4] : [], shape: [rows, row], slots: 2)
            cluster.reductions = [
              mr_reduction(value: 4, is_maximum: 0), mr_reduction(value: 3, is_maximum: 1),
            ]
            cluster.row = row
            let sums = (0..<count).map { x[$0] + bias[$0 % row] }
            let values = (0..<count).map { sums[$0] * scale[$0 / row] }
            let start = Int.random(in: 0...rows, using: &random) * row
            let found = cluster.run([x, bias, scale], ranges: [0..<start, start..<count])
            if writesValues { #expect(found[0] == values) }
            var (total, greatest) = ([T](repeating: 0, count: rows), [T](repeating: 0, count: rows))
            T.sum(values, &total, rows, row, 1)
            T.max(sums, &greatest, rows, row, 1)
            #expect(
              Array(found.suffix(2)) == [total, greatest],
              "\(rows) rows of \(row), cut at \(start)")
          }
        }
      }
    }
  }

  /// An access, its strides, and the number of elements it reaches.
  private func randomAccess(
    _ shape: [Int], _ random: inout TestRandom
  ) -> (mr_access, [Int], Int) {
    var strides = [Int](repeating: 0, count: shape.count)
    var size = 1
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return (.scalar, strides, 1)
    case 1:
      for axis in shape.indices.reversed() {
        strides[axis] = size
        size *= shape[axis]
      }
      return (.contiguous, strides, size)
    case 2:  // Broadcast along some axes.
      for axis in shape.indices.reversed() where Bool.random(using: &random) {
        strides[axis] = size
        size *= shape[axis]
      }
      return (.strided(strides), strides, size)
    default:  // Transposed, with gaps, and broadcast.
      for axis in shape.indices.shuffled(using: &random) {
        if Int.random(in: 0..<4, using: &random) == 0 { continue }
        strides[axis] = size
        size = size * shape[axis] + Int.random(in: 0...2, using: &random)
      }
      return (.strided(strides), strides, size)
    }
  }

  private func naiveExpansion<T>(_ input: [T], _ shape: [Int], _ strides: [Int]) -> [T] {
    (0..<shape.reduce(1, *)).map { flat in
      var rest = flat, position = 0
      for axis in shape.indices.reversed() {
        position += rest % shape[axis] * strides[axis]
        rest /= shape[axis]
      }
      return input[position]
    }
  }

  @Test(arguments: ["f32", "f64"]) func bitsDependOnOperandsAlone(type: String) {
    if type == "f32" { check(Float.self) } else { check(Double.self) }
    func check<T: KernelScalar>(_: T.Type) {
      var random = TestRandom(4)
      let count = 2500
      let a: [T] = random.array(count, -30...30), b: [T] = random.array(count, 0...3)
      let c: [T] = random.array(count)
      for operation in Self.allOperations {
        let cluster = TestCluster(operation, operands: 3, count: count)
        let whole = cluster.run([a, b, c])[0].map(\.pattern)
        let alone = cluster.run([a, b, c], ranges: (0..<count).map { $0..<$0 + 1 }, shift: 3)[0]
        #expect(alone.map(\.pattern) == whole, "operation \(operation.rawValue)")
        for shift in [1, 5] {
          var cuts = [0, count]
          for _ in 0..<9 { cuts.append(.random(in: 0...count, using: &random)) }
          cuts.sort()
          let ranges = zip(cuts, cuts.dropFirst()).map { $0..<$1 }
          let parts = cluster.run([a, b, c], ranges: ranges, shift: shift)[0]
          #expect(parts.map(\.pattern) == whole, "operation \(operation.rawValue)")
        }
      }
    }
  }

  @Test(arguments: [1, 10, 16, 1000, 1024, 5000]) func inPlace(count: Int) {
    var random = TestRandom(5)
    let x: [Float] = random.array(count), y: [Float] = random.array(count)
    // Both outputs replace inputs; the second instruction still needs the first input, and the
    // third the second.
    let cluster = TestCluster(
      [
        .init(MR_ADD, to: 2, 0, 1), .init(MR_SUBTRACT, to: 3, 0, 1),
        .init(MR_MULTIPLY, to: 3, 3, 1),
      ], accesses: [.contiguous, .contiguous], outputs: [2, 3], shape: [count], slots: 2)
    let expected = cluster.run([x, y])
    #expect(expected[0] == zip(x, y).map { $0 + $1 })
    #expect(expected[1] == zip(x, y).map { ($0 - $1) * $1 })
    var first = x, second = y
    first.withUnsafeMutableBufferPointer { first in
      second.withUnsafeMutableBufferPointer { second in
        let pointers = [first.baseAddress!, second.baseAddress!]
        cluster.run(pointers.map { UnsafePointer($0) }, pointers, ranges: [0..<count])
      }
    }
    #expect(first == expected[0])
    #expect(second == expected[1])
  }

  @Test(arguments: [1, 10, 1024, 3001]) func swapInPlace(count: Int) {
    var random = TestRandom(6)
    let x: [Double] = random.array(count), y: [Double] = random.array(count)
    let cluster = TestCluster(
      [], accesses: [.contiguous, .contiguous], outputs: [1, 0], shape: [count], slots: 0)
    var first = x, second = y
    first.withUnsafeMutableBufferPointer { first in
      second.withUnsafeMutableBufferPointer { second in
        let pointers = [first.baseAddress!, second.baseAddress!]
        cluster.run(pointers.map { UnsafePointer($0) }, pointers, ranges: [0..<count])
      }
    }
    #expect(first == y)
    #expect(second == x)
  }

  @Test(arguments: [1, 10, 640, 4096]) func severalOutputs(count: Int) {
    var random = TestRandom(7)
    let x: [Float] = random.array(count)
    // Outputs: an intermediate value that is read again, the same value twice, inputs of every
    // kind, and the last value of a slot that held another one before.
    let cluster = TestCluster(
      [
        .init(MR_MULTIPLY, to: 4, 0, 0), .init(MR_ADD, to: 3, 4, 1), .init(MR_NEGATE, to: 4, 3),
      ], accesses: [.contiguous, .scalar, .strided([0])], outputs: [3, 3, 0, 1, 4, 2],
      shape: [count], slots: 2)
    let results = cluster.run([x, [2], [7]])
    #expect(results[0] == x.map { $0 * $0 + 2 })
    #expect(results[1] == results[0])
    #expect(results[2] == x)
    #expect(results[3] == .init(repeating: 2, count: count))
    #expect(results[4] == results[0].map { -$0 })
    #expect(results[5] == .init(repeating: 7, count: count))
  }

  @Test func randomProgramsInPlace() {
    var random = TestRandom(8)
    let operations = [MR_ADD, MR_SUBTRACT, MR_MULTIPLY, MR_MAXIMUM, MR_NEGATE, MR_SELECT]
    for _ in 0..<300 {
      let count = [5, 64, 1023, 2048, 2100].randomElement(using: &random)!
      let inputCount = Int.random(in: 1...4, using: &random)
      let slots = Int.random(in: 1...4, using: &random)
      var code: [mr_instruction] = []
      var known = Array(0..<inputCount)
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        let destination = inputCount + Int.random(in: 0..<slots, using: &random)
        let operands = (0..<3).map { _ in known.randomElement(using: &random)! }
        code.append(
          .init(
            operations.randomElement(using: &random)!, to: destination, operands[0], operands[1],
            operands[2]))
        if !known.contains(destination) { known.append(destination) }
      }
      let outputs = (0..<Int.random(in: 1...inputCount, using: &random)).map { _ in
        UInt16(known.randomElement(using: &random)!)
      }
      let cluster = TestCluster(
        code, accesses: .init(repeating: .contiguous, count: inputCount), outputs: outputs,
        shape: [count], slots: slots)
      let inputs: [[Double]] = (0..<inputCount).map { _ in random.array(count) }
      let expected = interpret(cluster, inputs)
      #expect(cluster.run(inputs) == expected)
      // Each output replaces an input.
      let arrays = inputs.map { input in
        let array = UnsafeMutablePointer<Double>.allocate(capacity: count)
        array.initialize(from: input, count: count)
        return array
      }
      defer { for array in arrays { array.deallocate() } }
      let targets = Array(arrays.shuffled(using: &random).prefix(outputs.count))
      cluster.run(arrays.map { UnsafePointer($0) }, targets, ranges: [0..<count])
      let results = targets.map { Array(UnsafeBufferPointer(start: $0, count: count)) }
      #expect(results == expected)
    }
  }

  private func interpret(_ cluster: TestCluster, _ inputs: [[Double]]) -> [[Double]] {
    var results = cluster.outputValues.map { _ in [Double]() }
    for i in 0..<cluster.count {
      var values = inputs.map { $0[i] } + [Double](repeating: .nan, count: cluster.slots)
      for step in cluster.code {
        let (a, b, c) = (values[Int(step.a)], values[Int(step.b)], values[Int(step.c)])
        let result: Double
        switch mr_operation(rawValue: step.operation) {
        case MR_ADD: result = a + b
        case MR_SUBTRACT: result = a - b
        case MR_MULTIPLY: result = a * b
        case MR_MAXIMUM: result = a > b ? a : b
        case MR_NEGATE: result = -a
        default: result = a != 0 ? b : c
        }
        values[Int(step.destination)] = result
      }
      for (k, value) in cluster.outputValues.enumerated() { results[k].append(values[Int(value)]) }
    }
    return results
  }

  @Test func levelIsKnown() {
    let level = String(cString: mr_cpu_level())
    #expect(["x86-64-v4", "x86-64-v3", "x86-64", "portable"].contains(level))
  }
}
