/// An array of numbers that programs compute with: elements, or a value of a program being traced.
///
/// Outside a trace operations run at once. Inside a function that is being transformed or compiled
/// they are recorded. Operands of two element types do not mix; numeric literals take the type of
/// the other operand. Binary operators match axes from the last backwards and stretch an extent of
/// one. Shapes that do not fit stop the program with a message that names both.
///
/// ```swift
/// let x = Tensor([1, 2, 3] as [Double])
/// print((x * x).sum().scalar)  // 14.0
/// ```
public struct Tensor: Sendable, OperandHolder {
  package internal(set) var operand: Operand

  package init(_ operand: Operand) { self.operand = operand }

  /// The shape and element type.
  public var type: TensorType { operand.type }
  /// The extents, outermost axis first.
  public var shape: Shape { operand.type.shape }
  /// The type of the elements.
  public var scalarType: ScalarType { operand.type.scalar }
  /// How many axes there are.
  public var rank: Int { shape.rank }

  /// A tensor of the given elements, row by row.
  public init<Scalar: TensorScalar>(_ elements: [Scalar], shape: Shape) {
    require(
      elements.count == shape.count, "\(elements.count) elements cannot have shape \(shape)")
    self.init(
      Operand(TensorType(shape, Scalar.scalarType), .concrete(Buffer(elements))))
  }

  /// A vector of the given elements.
  public init<Scalar: TensorScalar>(_ elements: [Scalar]) {
    self.init(elements, shape: [elements.count])
  }

  /// A tensor of the given type from doubles, rounded to its element type.
  public init(_ elements: [Double], _ type: TensorType) {
    require(
      elements.count == type.shape.count,
      "\(elements.count) elements cannot have shape \(type.shape)")
    self.init(Operand(type, .concrete(.holding(elements, as: type.scalar))))
  }

  /// A tensor of the given type whose elements a function gives one after the other, row by row.
  ///
  /// ```swift
  /// let noise = Tensor(TensorType([8, 2], .float32)) { stream.normal() }
  /// ```
  public init(_ type: TensorType, _ element: () -> Double) {
    self.init(
      buffer: .holding(count: type.shape.count, as: type.scalar) { _ in element() }, type: type)
  }

  /// A tensor with the same number everywhere.
  public init(repeating value: Double, _ type: TensorType) {
    self.init(Operand(type, .splat(value)))
  }

  /// A tensor of zeros, which takes no memory.
  public static func zeros(_ type: TensorType) -> Tensor { Tensor(repeating: 0, type) }

  package init(buffer: Buffer, type: TensorType) { self.init(Operand(type, .concrete(buffer))) }

  /// The elements' storage; stops the program for a traced tensor, which has none yet.
  package var buffer: Buffer { operand.buffer }

  /// The number that all elements are known to be.
  package var splat: Double? { operand.splat }

  /// Whether the tensor has elements, rather than being a value of a trace.
  public var isConcrete: Bool { !operand.isTraced }

  /// The elements, row by row, as doubles.
  public var doubles: [Double] { buffer.doubles(scalarType) }

  /// The elements, row by row.
  public func array<Scalar: TensorScalar>(of type: Scalar.Type = Scalar.self) -> [Scalar] {
    require(type.scalarType == scalarType, "a tensor of \(scalarType) has no \(type) elements")
    return buffer.array(of: type)
  }

  /// Lends the elements, row by row, without copying them.
  package func withElements<Scalar: TensorScalar, Result>(
    of type: Scalar.Type, _ body: (UnsafeBufferPointer<Scalar>) -> Result
  ) -> Result {
    require(type.scalarType == scalarType, "a tensor of \(scalarType) has no \(type) elements")
    return buffer.withElements(of: type, body)
  }

  /// The only element, as a double.
  public var scalar: Double {
    require(shape.count == 1, "a tensor of shape \(shape) is not one number")
    return doubles[0]
  }

  /// Applies a primitive: recorded where an operand is traced, otherwise run at once.
  package static func apply(_ primitive: Primitive, _ operands: [Tensor]) -> [Tensor] {
    if operands.count == 1, let value = operands[0].splat {
      // Moving the same number about needs no memory.
      switch primitive {
      case .reshape, .transpose, .broadcast, .slice:
        return [Tensor(repeating: value, primitive.resultTypes([operands[0].type])[0])]
      case .convert(let scalar) where scalar.isFloatingPoint:
        return [Tensor(repeating: scalar.rounded(value), TensorType(operands[0].shape, scalar))]
      default: break
      }
    }
    guard !operands.contains(where: { $0.operand.isTraced }) else {
      let values = operands.map(\.operand)
      return Recorder.newest(values)!.record(primitive, values).map(Tensor.init)
    }
    if case .stopGradient = primitive { return operands }
    return Immediate.run(primitive, operands)
  }

  package static func apply(_ primitive: Primitive, _ operands: Tensor...) -> Tensor {
    apply(primitive, operands)[0]
  }
}

extension Tensor: CustomStringConvertible {
  /// The type and, for a tensor with elements, the first of them.
  public var description: String {
    guard isConcrete else { return "\(type) traced" }
    let values = doubles
    let shown = values.prefix(8).map { "\($0)" }.joined(separator: ", ")
    return "\(type) \(shown)\(values.count > 8 ? ", …" : "")"
  }
}
