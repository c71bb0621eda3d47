/// A loop without what it does not use: outputs nobody reads, carries that reach nothing, constants
/// and slices that the body ignores; its body simplified.
struct TrimmedScan {
  private(set) var scan: Scan
  /// Positions of the operands that are left.
  private(set) var inputs: [Int]
  /// Positions of the results that are left.
  private(set) var outputs: [Int]

  init(_ original: Scan, isOutputUsed: [Bool]) {
    var scan = original
    let (constants, carries) = (scan.constants, scan.carries)

    // A carry lives when it is read after the loop, or when a living result depends on it.
    var livingOutputs = isOutputUsed
    while true {
      var body = scan.body
      body.outputs = livingOutputs.indices.filter { livingOutputs[$0] }.map {
        scan.body.outputs[$0]
      }
      let reaching = body.variablesReachingOutputs
      var next = livingOutputs
      for carry in 0..<carries where reaching[scan.body.inputs[constants + carry]] {
        next[carry] = true
      }
      if next == livingOutputs { break }
      livingOutputs = next
    }
    outputs = livingOutputs.indices.filter { livingOutputs[$0] }

    var body = scan.body
    body.outputs = outputs.map { scan.body.outputs[$0] }
    // Dropping a carry must not drop an input that still stands, so inputs are judged on the
    // simplified body.
    body = body.simplified()
    let reaching = body.variablesReachingOutputs
    inputs = body.inputs.indices.filter { position in
      let isCarry = position >= constants && position < constants + carries
      return isCarry ? livingOutputs[position - constants] : reaching[body.inputs[position]]
    }
    body.inputs = inputs.map { body.inputs[$0] }
    scan.body = body.compacted()
    scan.constants = inputs.filter { $0 < constants }.count
    scan.carries = outputs.filter { $0 < carries }.count
    scan.slices = inputs.filter { $0 >= constants + carries }.count
    self.scan = scan
  }
}

extension Program {
  /// Which variables an output depends on, the outputs themselves included.
  fileprivate var variablesReachingOutputs: [Bool] {
    var reaching = [Bool](repeating: false, count: types.count)
    for output in outputs { reaching[output] = true }
    for equation in equations.reversed() where equation.outputs.contains(where: { reaching[$0] }) {
      for input in equation.inputs { reaching[input] = true }
    }
    return reaching
  }
}
