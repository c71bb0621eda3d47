/// The value of a scalar function and its gradient with respect to each of the given tensors.
///
/// Works at once on tensors with elements, and inside a trace, where the result can be
/// differentiated again. Tensors that the function uses besides are constants, which an enclosing
/// `gradient` may still differentiate.
public func valueAndGradient(
  at point: [Tensor], of function: ([Tensor]) throws -> Tensor
) rethrows -> (value: Tensor, gradient: [Tensor]) {
  let (values, gradient) = try valuesAndGradient(at: point) { [try function($0)] }
  return (values[0], gradient)
}

/// The gradient of a scalar function with respect to each of the given tensors.
///
/// ```swift
/// let g = gradient(at: [Tensor([3.0])]) { ($0[0] * $0[0]).sum() }  // 6
/// ```
public func gradient(at point: [Tensor], of function: ([Tensor]) throws -> Tensor) rethrows
  -> [Tensor]
{
  try valueAndGradient(at: point, of: function).gradient
}

/// The values of a function and its directional derivative along the given tangents.
public func jvp(
  at point: [Tensor], along tangents: [Tensor], of function: ([Tensor]) throws -> [Tensor]
) rethrows -> (values: [Tensor], tangents: [Tensor]) {
  require(point.map(\.type) == tangents.map(\.type), "tangents must have the point's types")
  let (program, captures) = try trace(point.map(\.type), function)
  let (values, results) = jvp(
    program, point + captures, tangents: tangents.map { $0 } + captures.map { _ in nil })
  return (values, zip(values, results).map { $1 ?? .zeros($0.type) })
}

/// The values of a function and its pullback, a function from the values' cotangents to the
/// point's.
public func vjp(
  at point: [Tensor], of function: ([Tensor]) throws -> [Tensor]
) rethrows -> (values: [Tensor], pullback: ([Tensor]) -> [Tensor]) {
  let (program, captures) = try trace(point.map(\.type), function)
  let active = point.map { _ in true } + captures.map { _ in false }
  let pullback = vjp(program, point + captures, active: active)
  return (
    pullback.outputs,
    { cotangents in
      zip(point, pullback.pull(cotangents.map { $0 })).map { $1 ?? .zeros($0.type) }
    }
  )
}

/// Applies a function written for one task to all tasks at once.
///
/// Every given tensor has a leading task axis of the same extent, which the function does not see;
/// every result gets one. Tensors that the function uses besides are shared by the tasks.
public func vmap(
  over tensors: [Tensor], _ function: ([Tensor]) throws -> [Tensor]
) rethrows -> [Tensor] {
  require(!tensors.isEmpty, "vmap needs at least one tensor with a task axis")
  let count = tensors[0].shape[0]
  require(
    tensors.allSatisfy { $0.rank > 0 && $0.shape[0] == count },
    "all tensors must have \(count) tasks, found shapes \(tensors.map(\.shape))")
  let (program, captures) = try trace(tensors.map { $0.type.dropFirst }, function)
  let (results, batched) = vmap(
    program, count: count, tensors + captures,
    batched: tensors.map { _ in true } + captures.map { _ in false })
  return zip(results, batched).map { $1 ? $0 : $0.repeated(count) }
}

/// The value of a scalar function of a structure of parameters, and its gradient, a structure of
/// the same type.
public func valueAndGradient<Parameters: ParameterStructure>(
  at point: Parameters, of function: (Parameters) throws -> Tensor
) rethrows -> (value: Tensor, gradient: Parameters) {
  let (value, gradient) = try valueAndGradient(at: point.tensors) {
    try function(point.replacingTensors($0))
  }
  return (value, point.replacingTensors(gradient))
}

/// The gradient of a scalar function of a structure of parameters.
public func gradient<Parameters: ParameterStructure>(
  at point: Parameters, of function: (Parameters) throws -> Tensor
) rethrows -> Parameters {
  try valueAndGradient(at: point, of: function).gradient
}

/// The values of a function whose first result is a scalar, and that scalar's gradient; the other
/// results come along without being differentiated.
public func valuesAndGradient(
  at point: [Tensor], of function: ([Tensor]) throws -> [Tensor]
) rethrows -> (values: [Tensor], gradient: [Tensor]) {
  let (program, captures) = try trace(point.map(\.type), function)
  let active = point.map { _ in true } + captures.map { _ in false }
  let pullback = vjp(program, point + captures, active: active)
  let values = pullback.outputs
  require(
    values[0].shape == .scalar,
    "the gradient is of a scalar first result, found shape \(values[0].shape)")
  let cotangents = pullback.pull(
    [Tensor(repeating: 1, values[0].type)] + values.dropFirst().map { _ in nil })
  return (values, zip(point, cotangents).map { $1 ?? .zeros($0.type) })
}
