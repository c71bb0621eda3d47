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

  /// The program without the equations that no output needs.
  package func withoutDeadCode() -> Program {
    var live = [Bool](repeating: false, count: types.count)
    for output in outputs { live[output] = true }
    var result = self
    result.equations = []
    for equation in equations.reversed() where equation.outputs.contains(where: { live[$0] }) {
      result.equations.append(equation)
      for input in equation.inputs { live[input] = true }
    }
    result.equations.reverse()
    return result
  }

  /// Which variables depend on the marked inputs, one flag a variable; `through` can cut equations.
  package func reach(
    from marked: [Bool], through: (Primitive) -> Bool = { _ in true }
  ) -> [Bool] {
    var reached = [Bool](repeating: false, count: types.count)
    for (input, mark) in zip(inputs, marked) where mark { reached[input] = true }
    for equation in equations
    where through(equation.primitive) && equation.inputs.contains(where: { reached[$0] }) {
      for output in equation.outputs { reached[output] = true }
    }
    return reached
  }

  /// Which floating-point variables a derivative reaches from the marked inputs: a loop that is
  /// reached also has results of other types, which are not.
  package func derivativeReach(from marked: [Bool]) -> [Bool] {
    var reached = [Bool](repeating: false, count: types.count)
    for (input, mark) in zip(inputs, marked) where mark && types[input].scalar.isFloatingPoint {
      reached[input] = true
    }
    for equation in equations
    where equation.primitive.isDifferentiable && equation.inputs.contains(where: { reached[$0] }) {
      for output in equation.outputs where types[output].scalar.isFloatingPoint {
        reached[output] = true
      }
    }
    return reached
  }
}
