/// The value of a scalar function and its gradient, a structure like the point.
///
/// Works at once on tensors with elements, and inside a trace, where the result can be
/// differentiated again. Tensors that the function uses besides are constants, which an enclosing
/// `gradient` may still differentiate.
public func valueAndGradient<Point: ParameterStructure>(
  at point: Point, of function: (Point) throws -> Tensor
) rethrows -> (value: Tensor, gradient: Point) {
  let (value, _, gradient) = try valueAuxiliaryAndGradient(at: point) {
    (try function($0), NoTensors())
  }
  return (value, gradient)
}

/// The gradient of a scalar function, a structure like the point.
///
/// ```swift
/// let g = gradient(at: Tensor([3.0])) { ($0 * $0).sum() }  // 6
/// ```
public func gradient<Point: ParameterStructure>(
  at point: Point, of function: (Point) throws -> Tensor
) rethrows -> Point {
  try valueAndGradient(at: point, of: function).gradient
}

/// The value of a scalar function, what it computes besides, and the value's gradient: one pass for
/// all three.
public func valueAuxiliaryAndGradient<Point: ParameterStructure, Auxiliary: ParameterStructure>(
  at point: Point, of function: (Point) throws -> (value: Tensor, auxiliary: Auxiliary)
) rethrows -> (value: Tensor, auxiliary: Auxiliary, gradient: Point) {
  let tensors = point.tensors
  var auxiliary: Auxiliary?
  let (program, captures) = try trace(tensors.map(\.type)) {
    let results = try function(point.filled(from: TensorSource($0)))
    auxiliary = results.auxiliary
    return [results.value] + results.auxiliary.tensors
  }
  let active = tensors.map { _ in true } + captures.map { _ in false }
  let pullback = vjp(program, tensors + captures, active: active)
  let source = TensorSource(pullback.outputs)
  let value = source.next()
  require(
    value.shape == .scalar, "the gradient is of a scalar value, found shape \(value.shape)")
  let kept = auxiliary!.filled(from: source)
  let cotangents = pullback.pull(
    [Tensor(repeating: 1, value.type)] + kept.tensors.map { _ in nil })
  let slopes = zip(tensors, cotangents).map { $1 ?? .zeros($0.type) }
  return (value, kept, point.filled(from: TensorSource(slopes)))
}

/// The value of a function and its directional derivative along a tangent, a structure like the
/// point.
public func jvp<Point: ParameterStructure, Value: ParameterStructure>(
  at point: Point, along tangent: Point, of function: (Point) throws -> Value
) rethrows -> (value: Value, tangent: Value) {
  let (tensors, tangents) = (point.tensors, tangent.tensors)
  require(tensors.map(\.type) == tangents.map(\.type), "tangents must have the point's types")
  let (program, captures, example) = try traceStructure(tensors.map(\.type)) {
    try function(point.filled(from: $0))
  }
  let (values, results) = jvp(
    program, tensors + captures, tangents: tangents.map(Optional.some) + captures.map { _ in nil })
  let slopes = zip(values, results).map { $1 ?? .zeros($0.type) }
  return (
    example.filled(from: TensorSource(values)), example.filled(from: TensorSource(slopes))
  )
}

/// The value of a function and its pullback, a function from the value's cotangent to the point's.
public func vjp<Point: ParameterStructure, Value: ParameterStructure>(
  at point: Point, of function: (Point) throws -> Value
) rethrows -> (value: Value, pullback: (Value) -> Point) {
  let tensors = point.tensors
  let (program, captures, example) = try traceStructure(tensors.map(\.type)) {
    try function(point.filled(from: $0))
  }
  let active = tensors.map { _ in true } + captures.map { _ in false }
  let pullback = vjp(program, tensors + captures, active: active)
  return (
    example.filled(from: TensorSource(pullback.outputs)),
    { cotangent in
      let cotangents = pullback.pull(cotangent.tensors.map(Optional.some))
      let slopes = zip(tensors, cotangents).map { $1 ?? .zeros($0.type) }
      return point.filled(from: TensorSource(slopes))
    }
  )
}
