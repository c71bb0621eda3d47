/// One operation of a program: a primitive applied to variables, defining new ones.
package struct Equation: Sendable, Hashable {
  package var primitive: Primitive
  package var inputs: [Int]
  package var outputs: [Int]

  package init(_ primitive: Primitive, _ inputs: [Int], _ outputs: [Int]) {
    self.primitive = primitive
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// A function over tensors as a linear list of equations over integer variables.
///
/// A list rather than a linked graph: deep graphs overflow the stack when they are released, and
/// every pass is a loop. Each variable is defined once, by an input or an equation, before its use.
///
/// Text form, printed by `description`:
/// ```
/// program  = "(" { variable ":" type } ")" "{" { equation } "return" { variable } "}"
/// equation = { variable ":" type } "=" name [ "[" attributes "]" ] { variable } [ program ]
/// type     = "f32" | "f64" | "i32" "[" extents "]"
/// ```
package struct Program: Sendable, Hashable {
  /// The type of each variable.
  package var types: [TensorType] = []
  package var inputs: [Int] = []
  package var outputs: [Int] = []
  package var equations: [Equation] = []

  package init() {}

  package var inputTypes: [TensorType] { inputs.map { types[$0] } }
  package var outputTypes: [TensorType] { outputs.map { types[$0] } }

  /// A new variable.
  package mutating func define(_ type: TensorType) -> Int {
    types.append(type)
    return types.count - 1
  }

  /// Appends an equation whose results have the types that the shape rules give.
  package mutating func append(_ primitive: Primitive, _ inputs: [Int]) -> [Int] {
    let outputs = primitive.resultTypes(inputs.map { types[$0] }).map { define($0) }
    equations.append(Equation(primitive, inputs, outputs))
    return outputs
  }

  /// Equations, those of loop bodies included.
  package var equationCount: Int {
    equations.reduce(0) { $0 + 1 + ($1.primitive.loop?.body.equationCount ?? 0) }
  }
}
