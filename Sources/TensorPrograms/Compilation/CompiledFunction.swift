/// A function over structures of tensors made ready to run: traced, transformed, simplified and
/// planned once.
///
/// Calls allocate only their results. Any number of threads may call at the same time.
///
/// ```swift
/// let square = compile(like: Tensor([0, 0, 0] as [Float])) { $0 * $0 }
/// let y = square(Tensor([1, 2, 3] as [Float]))  // 1, 4, 9
/// ```
public struct CompiledFunction<Result: ParameterStructure, each Argument: ParameterStructure>:
  Sendable
{
  /// What runs, for those who want to read it.
  public let program: CompiledProgram
  /// A result without elements, whose members that are no tensors all results have.
  private let example: Result

  fileprivate init(_ program: CompiledProgram, example: Result) {
    (self.program, self.example) = (program, example)
  }

  /// Runs the function on arguments whose tensors have exactly the types that it was compiled for.
  public func callAsFunction(_ arguments: repeat each Argument) -> Result {
    example.filled(from: TensorSource(program(tensors(repeat each arguments))))
  }

  /// The tensors that the program takes for arguments, in its order.
  public func tensors(_ arguments: repeat each Argument) -> [Tensor] {
    flattened(repeat each arguments)
  }
}

/// Compiles a function for arguments like the given ones: tensors of the same types, and the same
/// members that are no tensors.
///
/// Tensors with elements that the function uses besides become constants.
public func compile<each Argument: ParameterStructure, Result: ParameterStructure>(
  like arguments: repeat each Argument,
  function: (repeat each Argument) throws -> Result
) rethrows -> CompiledFunction<Result, repeat each Argument> {
  var example: Result?
  let program = try compile(flattened(repeat each arguments).map(\.type)) {
    let source = TensorSource($0)
    let result = try function(repeat (each arguments).filled(from: source))
    // Traced tensors would keep the whole trace alive.
    example = result.mapTensors { .zeros($0.type) }
    return result.tensors
  }
  return CompiledFunction(program, example: example!)
}

/// Compiles a function over a list of tensors of the given types.
package func compile(
  _ types: [TensorType], _ function: ([Tensor]) throws -> [Tensor]
) rethrows -> CompiledProgram {
  let (program, captures) = try trace(types, function)
  require(
    captures.isEmpty, "a function is compiled outside of any trace, or from its own arguments")
  return CompiledProgram(program)
}
