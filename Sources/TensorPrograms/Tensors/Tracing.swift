/// Traces a function over tensors of the given types into a program.
///
/// The program's inputs are the function's, then the captured ones: outer traced values that the
/// function uses. Constants are equations.
package func trace(
  _ types: [TensorType], _ function: ([Tensor]) throws -> [Tensor]
) rethrows -> (program: Program, captures: [Tensor]) {
  let recorder = Recorder()
  let inputs = types.map { Tensor(recorder.input($0)) }
  let outputs = try function(inputs)
  let (program, captures) = recorder.finish(outputs.map(\.operand))
  return (program, captures.map(Tensor.init))
}

/// Traces a function to a structure, whose tensors are the program's outputs, over tensors of the
/// given types; the structure itself is an example of what the outputs fill.
func traceStructure<Result: ParameterStructure>(
  _ types: [TensorType], _ function: (TensorSource) throws -> Result
) rethrows -> (program: Program, captures: [Tensor], example: Result) {
  var example: Result?
  let (program, captures) = try trace(types) {
    let result = try function(TensorSource($0))
    example = result
    return result.tensors
  }
  return (program, captures, example!)
}

/// Applies a program's equations to tensors: run at once or recorded by an enclosing trace.
package func replay(_ program: Program, _ inputs: [Tensor]) -> [Tensor] {
  var values = [Tensor?](repeating: nil, count: program.types.count)
  for (variable, tensor) in zip(program.inputs, inputs) { values[variable] = tensor }
  for equation in program.equations {
    let operands = equation.inputs.map { values[$0]! }
    for (variable, tensor) in zip(equation.outputs, applyInTrace(equation.primitive, operands)) {
      values[variable] = tensor
    }
  }
  return program.outputs.map { values[$0]! }
}

/// Applies a primitive; constants become concrete tensors, which the enclosing trace captures.
package func applyInTrace(_ primitive: Primitive, _ operands: [Tensor]) -> [Tensor] {
  guard case .constant(let constant, let type) = primitive else {
    return Tensor.apply(primitive, operands)
  }
  switch constant {
  case .splat(let value): return [Tensor(repeating: value, type)]
  case .array(let buffer): return [Tensor(buffer: buffer, type: type)]
  }
}

/// Adds two optional tensors, nil being zero.
package func sum(_ left: Tensor?, _ right: Tensor?) -> Tensor? {
  guard let left else { return right }
  guard let right else { return left }
  return left + right
}
