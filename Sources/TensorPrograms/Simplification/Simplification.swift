extension Program {
  /// The same function with fewer equations: constants folded, common subexpressions shared, plain
  /// algebra done, loops without idle operands, nothing that no output needs.
  ///
  /// Inputs and outputs keep their number, order and types.
  package func simplified() -> Program {
    var rewriter = Rewriter(self)
    var result = rewriter.run()
    while true {
      var again = Rewriter(result)
      let next = again.run()
      if next.equations.count == result.equations.count { return next }
      result = next
    }
  }

  /// The program with variables numbered in order of definition and none unused.
  package func compacted() -> Program {
    var result = Program()
    var names = [Int](repeating: -1, count: types.count)
    func define(_ variable: Int) -> Int {
      names[variable] = result.define(types[variable])
      return names[variable]
    }
    result.inputs = inputs.map(define)
    for equation in equations {
      let inputs = equation.inputs.map { names[$0] }
      result.equations.append(Equation(equation.primitive, inputs, equation.outputs.map(define)))
    }
    result.outputs = outputs.map { names[$0] }
    return result
  }
}

/// One pass over a program, rewriting each equation in terms of those already rewritten.
private struct Rewriter {
  private struct Key: Hashable {
    let primitive: Primitive
    let inputs: [Int]
  }
  private let source: Program
  private var result = Program()
  /// The equation that defines a new variable with a single result.
  private var definitions: [Int: Equation] = [:]
  private var known: [Key: [Int]] = [:]

  init(_ source: Program) {
    self.source = source.withoutDeadCode()
  }

  mutating func run() -> Program {
    // The new variable of each old one.
    var names = [Int](repeating: -1, count: source.types.count)
    for input in source.inputs {
      names[input] = result.define(source.types[input])
      result.inputs.append(names[input])
    }
    let uses = Uses(source)
    for equation in source.equations { rewrite(equation, &names, uses) }
    result.outputs = source.outputs.map { names[$0] }
    return result.withoutDeadCode().compacted()
  }

  /// One equation of the source, or of a loop's body, in terms of the variables that `names` gives.
  private mutating func rewrite(_ equation: Equation, _ names: inout [Int], _ uses: Uses) {
    let inputs = equation.inputs.map { names[$0] }
    func name(_ outputs: [Int], _ variables: [Int]) {
      for (output, variable) in zip(outputs, variables) { names[output] = variable }
    }
    switch equation.primitive.loop {
    case .scan(let scan) where scan.length == 1:
      name(equation.outputs, inlined(scan, inputs))
    case .scan(let scan):
      var (known, kept) = scan.withKnownOperands(inputs.map { splat($0) })
      var operands = kept.map { inputs[$0] }
      known.body = known.body.repeatingInside(
        &operands, constants: known.constants, definition: { definitions[$0] },
        types: result.types)
      let (trimmed, left, results) = known.trimmed(
        isResultUsed: equation.outputs.map { uses.isUsed($0) })
      name(
        results.map { equation.outputs[$0] },
        append(.scan(trimmed), left.map { operands[$0] }))
    case .checkpointedReverse(var sweep):
      var operands = inputs
      sweep.body = sweep.body.repeatingInside(
        &operands, constants: sweep.constants, definition: { definitions[$0] },
        types: result.types)
      let (trimmed, left, results) = sweep.trimmed(
        isResultUsed: equation.outputs.map { uses.isUsed($0) })
      name(
        results.map { equation.outputs[$0] },
        append(.checkpointedReverse(trimmed), left.map { operands[$0] }))
    case .map(let map) where map.length == 1 && map.block == nil:
      name(equation.outputs, inlined(map, inputs))
    case .map(var map):
      map.body = map.body.simplified()
      name(equation.outputs, append(.map(map), inputs))
    case nil:
      names[equation.outputs[0]] = reduce(equation.primitive, inputs)
    }
  }

  /// The one step of a loop, in place of the loop: its results.
  private mutating func inlined(_ scan: Scan, _ operands: [Int]) -> [Int] {
    let firstSlice = scan.constants + scan.carries
    let outputs = step(
      scan.body, operands.prefix(firstSlice) + operands.dropFirst(firstSlice).map { row($0) })
    return outputs.prefix(scan.carries) + outputs.dropFirst(scan.carries).map { stack($0) }
  }

  /// The one task of a map, in place of the map: its results.
  private mutating func inlined(_ map: MapLoop, _ operands: [Int]) -> [Int] {
    let outputs = step(
      map.body, operands.prefix(map.constants) + operands.dropFirst(map.constants).map { row($0) })
    return zip(outputs, map.outputs).map { output, kind in
      kind == .stacked ? stack(output) : output
    }
  }

  private mutating func row(_ variable: Int) -> Int {
    reduce(.reshape(result.types[variable].shape.dropFirst), [variable])
  }

  private mutating func stack(_ variable: Int) -> Int {
    reduce(.reshape(result.types[variable].shape.prepending(1)), [variable])
  }

  /// A body's equations applied to variables that already stand: its outputs.
  private mutating func step(_ body: Program, _ inputs: [Int]) -> [Int] {
    var names = [Int](repeating: -1, count: body.types.count)
    for (input, variable) in zip(body.inputs, inputs) { names[input] = variable }
    let uses = Uses(body)
    for equation in body.equations { rewrite(equation, &names, uses) }
    return body.outputs.map { names[$0] }
  }

  /// Appends an equation, or finds the equal one that already stands.
  private mutating func append(_ primitive: Primitive, _ inputs: [Int]) -> [Int] {
    let key = Key(primitive: primitive, inputs: inputs)
    if let known = known[key] { return known }
    let outputs = result.append(primitive, inputs)
    known[key] = outputs
    if outputs.count == 1 { definitions[outputs[0]] = result.equations[result.equations.count - 1] }
    return outputs
  }

  /// The number that a variable has everywhere, where that is known: of a constant, or of one that
  /// is repeated or reshaped.
  private func splat(_ variable: Int) -> Double? {
    guard let definition = definitions[variable] else { return nil }
    switch definition.primitive {
    case .constant(.splat(let value), _): return value
    case .broadcast, .reshape, .transpose: return splat(definition.inputs[0])
    default: return nil
    }
  }

  /// The variable that an equation with one result comes down to.
  private mutating func reduce(_ primitive: Primitive, _ inputs: [Int]) -> Int {
    let types = inputs.map { result.types[$0] }
    let type = primitive.resultTypes(types)[0]
    func isSplat(_ position: Int, _ value: Double) -> Bool { splat(inputs[position]) == value }

    if let folded = fold(primitive, inputs, type) {
      let constant = append(.constant(.splat(folded), type.with(.scalar)), [])[0]
      return type.shape == .scalar
        ? constant : append(.broadcast(type.shape, axes: []), [constant])[0]
    }
    switch primitive {
    case .constant(.array(let buffer), let type):
      if let value = buffer.repeatedNumber(type.scalar) {
        return reduce(.constant(.splat(value), type), [])
      }
    case .constant(.splat(let value), let type) where type.shape != .scalar:
      let constant = append(.constant(.splat(value), type.with(.scalar)), [])[0]
      return append(.broadcast(type.shape, axes: []), [constant])[0]
    case .binary(.add) where isSplat(0, 0): return inputs[1]
    case .binary(.add) where isSplat(1, 0), .binary(.subtract) where isSplat(1, 0),
      .binary(.divide) where isSplat(1, 1), .binary(.power) where isSplat(1, 1),
      .binary(.multiply) where isSplat(1, 1):
      return inputs[0]
    case .binary(.multiply) where isSplat(0, 1): return inputs[1]
    case .binary(.subtract) where isSplat(0, 0): return append(.unary(.negate), [inputs[1]])[0]
    case .binary(.multiply) where isSplat(1, -1): return append(.unary(.negate), [inputs[0]])[0]
    case .binary(.multiply) where isSplat(0, -1): return append(.unary(.negate), [inputs[1]])[0]
    case .binary(.power) where isSplat(1, 2):
      return append(.binary(.multiply), [inputs[0], inputs[0]])[0]
    case .binary(.add):
      // a + (-b) = a - b
      if case .unary(.negate)? = definitions[inputs[1]]?.primitive {
        return append(.binary(.subtract), [inputs[0], definitions[inputs[1]]!.inputs[0]])[0]
      }
      if case .unary(.negate)? = definitions[inputs[0]]?.primitive {
        return append(.binary(.subtract), [inputs[1], definitions[inputs[0]]!.inputs[0]])[0]
      }
      return append(primitive, inputs.sorted())[0]
    case .binary(.multiply), .binary(.maximum), .binary(.minimum):
      return append(primitive, inputs.sorted())[0]
    case .unary(.negate):
      if let inner = definitions[inputs[0]], case .unary(.negate) = inner.primitive {
        return inner.inputs[0]
      }
    case .convert where types[0] == type, .reshape where types[0] == type,
      .broadcast where types[0] == type:
      return inputs[0]
    case .reshape(let shape):
      if let inner = definitions[inputs[0]], case .reshape = inner.primitive {
        return reduce(.reshape(shape), inner.inputs)
      }
    case .transpose(let order):
      let longAxes = order.filter { types[0].shape[$0] > 1 }
      if longAxes == longAxes.sorted() { return reduce(.reshape(type.shape), inputs) }
      if let inner = definitions[inputs[0]], case .transpose(let first) = inner.primitive {
        return reduce(.transpose(order.map { first[$0] }), inner.inputs)
      }
    case .broadcast(let shape, let axes):
      if let inner = definitions[inputs[0]], case .broadcast(_, let first) = inner.primitive {
        return reduce(.broadcast(shape, axes: first.map { axes[$0] }), inner.inputs)
      }
    case .sum(let axes) where axes.allSatisfy({ types[0].shape[$0] == 1 }),
      .reduceMaximum(let axes) where axes.allSatisfy({ types[0].shape[$0] == 1 }):
      return reduce(.reshape(type.shape), inputs)
    case .product(let left, let right):
      // Transposes of the last two axes are absorbed by the product.
      let (a, swapLeft) = withoutFinalTranspose(inputs[0])
      let (b, swapRight) = withoutFinalTranspose(inputs[1])
      return append(
        .product(transposeLeft: left != swapLeft, transposeRight: right != swapRight), [a, b])[0]
    default: break
    }
    return append(primitive, inputs)[0]
  }

  private func withoutFinalTranspose(_ variable: Int) -> (Int, Bool) {
    guard let definition = definitions[variable], case .transpose(let order) = definition.primitive
    else { return (variable, false) }
    var exchanged = Array(0..<order.count)
    exchanged.swapAt(order.count - 1, order.count - 2)
    return order == exchanged ? (definition.inputs[0], true) : (variable, false)
  }

  /// The number that an elementwise operation on known numbers gives everywhere.
  private func fold(_ primitive: Primitive, _ inputs: [Int], _ type: TensorType) -> Double? {
    if let elementwise = primitive.elementwise {
      let values = inputs.map { splat($0) }
      guard !values.isEmpty, values.allSatisfy({ $0 != nil }) else { return nil }
      return elementwise(values.map { $0! }, in: type.scalar)
    }
    guard case .convert(let scalar) = primitive, scalar.isFloatingPoint else { return nil }
    return splat(inputs[0]).map { scalar.rounded($0) }
  }
}
