/// Applies a function written for one task to all tasks at once.
///
/// Every tensor of the given structures has a leading task axis of the same extent, which the
/// function does not see; every tensor of the result gets one. Tensors that the function uses
/// besides are shared by the tasks.
public func vmap<each Argument: ParameterStructure, Result: ParameterStructure>(
  over arguments: repeat each Argument, task: (repeat each Argument) throws -> Result
) rethrows -> Result {
  let tensors = flattened(repeat each arguments)
  require(!tensors.isEmpty, "vmap needs at least one tensor with a task axis")
  let count = tensors[0].shape[0]
  require(
    tensors.allSatisfy { $0.rank > 0 && $0.shape[0] == count },
    "all tensors must have \(count) tasks, found shapes \(tensors.map(\.shape))")
  let (program, captures, example) = try traceStructure(tensors.map { $0.type.dropFirst }) {
    source in try task(repeat (each arguments).filled(from: source))
  }
  let (results, batched) = vmap(
    program, count: count, tensors + captures,
    batched: tensors.map { _ in true } + captures.map { _ in false })
  let all = zip(results, batched).map { $1 ? $0 : $0.repeated(count) }
  return example.filled(from: TensorSource(all))
}
