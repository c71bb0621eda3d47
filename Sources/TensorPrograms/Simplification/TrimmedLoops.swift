/// A loop's body without what the loop does not use, simplified: outputs nobody reads, carries that
/// reach nothing, constants and slices that the body ignores.
struct TrimmedBody {
  let program: Program
  /// Positions of the inputs that are left.
  let inputs: [Int]
  /// Positions of the outputs that are left.
  let outputs: [Int]

  /// - Parameter carried: what steps hand to the next.
  init(_ original: Program, carried: [Carried], isOutputUsed: [Bool]) {
    // What is carried lives when it is read after the loop, or when a living result depends on it.
    let living = original.outputs(marked: isOutputUsed, wantedBy: carried)
    let outputs = living.indices.filter { living[$0] }

    var body = original
    body.outputs = outputs.map { original.outputs[$0] }
    // Dropping a carry must not drop an input that still stands, so inputs are decided on the
    // simplified body.
    body = body.simplified()
    let needed = body.variables(neededFor: nil)
    let inputs = body.inputs.indices.filter { position in
      carried.first { $0.input == position }.map { living[$0.output] }
        ?? needed[body.inputs[position]]
    }
    body.inputs = inputs.map { body.inputs[$0] }
    program = body.compacted()
    self.inputs = inputs
    self.outputs = outputs
  }
}

extension Scan {
  /// The loop without what it does not use, and the positions of the operands and results left.
  func trimmed(isResultUsed: [Bool]) -> (scan: Scan, operands: [Int], results: [Int]) {
    let trimmed = TrimmedBody(body, carried: carried, isOutputUsed: isResultUsed)
    var scan = self
    scan.body = trimmed.program
    scan.constants = trimmed.inputs.filter { $0 < constants }.count
    scan.carries = trimmed.outputs.filter { $0 < carries }.count
    scan.slices = trimmed.inputs.filter { $0 >= constants + carries }.count
    return (scan, trimmed.inputs, trimmed.outputs)
  }
}

extension Scan {
  /// The loop with constants and slices that are one number everywhere made constants of the body,
  /// and the positions of the operands left.
  func withKnownOperands(_ numbers: [Double?]) -> (scan: Scan, operands: [Int]) {
    let firstSlice = constants + carries
    let known = numbers.indices.filter {
      numbers[$0] != nil && ($0 < constants || $0 >= firstSlice)
    }
    guard !known.isEmpty else { return (self, Array(numbers.indices)) }
    var scan = self
    scan.body.equations.insert(
      contentsOf: known.map { position in
        let variable = body.inputs[position]
        return Equation(
          .constant(.splat(numbers[position]!), body.types[variable]), [], [variable])
      }, at: 0)
    let left = numbers.indices.filter { !known.contains($0) }
    scan.body.inputs = left.map { body.inputs[$0] }
    scan.constants -= known.filter { $0 < constants }.count
    scan.slices -= known.filter { $0 >= firstSlice }.count
    return (scan, left)
  }
}

extension CheckpointedReverse {
  /// The sweep without what it does not use, and the positions of the operands and results left.
  func trimmed(
    isResultUsed: [Bool]
  ) -> (sweep: CheckpointedReverse, operands: [Int], results: [Int]) {
    let trimmed = TrimmedBody(
      body, carried: carried,
      isOutputUsed: [Bool](repeating: false, count: carries) + isResultUsed)
    func left(_ range: Range<Int>, of positions: [Int]) -> Int {
      positions.filter { range.contains($0) }.count
    }
    var sweep = self
    sweep.body = trimmed.program
    sweep.constants = left(0..<constants, of: trimmed.inputs)
    sweep.carries = left(0..<carries, of: trimmed.outputs)
    sweep.slices = left(constants + carries..<adjointStart, of: trimmed.inputs)
    sweep.adjoints = left(carries..<carries + adjoints, of: trimmed.outputs)
    sweep.cotangents = left(adjointStart + adjoints..<body.inputs.count, of: trimmed.inputs)
    return (
      sweep, trimmed.inputs, trimmed.outputs.filter { $0 >= carries }.map { $0 - carries }
    )
  }
}
