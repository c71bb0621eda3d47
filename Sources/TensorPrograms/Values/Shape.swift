/// The extents of a tensor, outermost axis first; empty for a scalar.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// One extent an axis.
  public let extents: [Int]

  /// A shape with the given extents, none of them negative.
  public init(_ extents: [Int]) {
    require(extents.allSatisfy { $0 >= 0 }, "a shape has no negative extents: \(extents)")
    self.extents = extents
  }

  /// A shape with the given extents.
  public init(arrayLiteral extents: Int...) { self.init(extents) }

  /// The shape of a single number.
  public static let scalar = Shape([])

  /// How many axes there are.
  public var rank: Int { extents.count }

  /// How many elements there are.
  public var count: Int { extents.reduce(1, *) }

  /// The extent of one axis.
  public subscript(axis: Int) -> Int { extents[axis] }

  /// For example `[2, 3]`.
  public var description: String { "[" + extents.map(String.init).joined(separator: ", ") + "]" }

  /// Elements between neighbors along each axis, row-major.
  package var strides: [Int] {
    var result = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      result[axis] = result[axis + 1] * extents[axis + 1]
    }
    return result
  }

  /// The shape behind one more axis.
  public func prepending(_ extent: Int) -> Shape { Shape([extent] + extents) }

  /// The shape without its first axis.
  public var dropFirst: Shape { Shape(Array(extents.dropFirst())) }

  /// The shape without the given axes.
  package func removing(_ axes: [Int]) -> Shape {
    Shape(extents.indices.filter { !axes.contains($0) }.map { extents[$0] })
  }

  /// The common shape of two operands whose axes are matched from the last backwards, an extent of
  /// one fitting any other; nil where they do not fit.
  package static func broadcast(_ left: Shape, _ right: Shape) -> Shape? {
    if left == right { return left }
    let rank = max(left.rank, right.rank)
    var extents = [Int](repeating: 1, count: rank)
    for axis in 0..<rank {
      let a = axis < rank - left.rank ? 1 : left[axis - (rank - left.rank)]
      let b = axis < rank - right.rank ? 1 : right[axis - (rank - right.rank)]
      guard a == b || a == 1 || b == 1 else { return nil }
      extents[axis] = a == 1 ? b : a
    }
    return Shape(extents)
  }
}

/// What is known of a tensor before it has a value: its shape and the type of its elements.
public struct TensorType: Hashable, Sendable, CustomStringConvertible {
  /// The extents.
  public let shape: Shape
  /// The type of the elements.
  public let scalar: ScalarType

  /// A type of the given shape and element type.
  public init(_ shape: Shape, _ scalar: ScalarType) {
    self.shape = shape
    self.scalar = scalar
  }

  /// Bytes that a contiguous value takes.
  public var byteCount: Int { shape.count * scalar.byteCount }

  /// For example `f32[2, 3]`.
  public var description: String { scalar.shortName + shape.description }

  package func with(_ shape: Shape) -> TensorType { TensorType(shape, scalar) }
  /// The type behind one more axis.
  public func prepending(_ extent: Int) -> TensorType { with(shape.prepending(extent)) }
  /// The type without its first axis.
  public var dropFirst: TensorType { with(shape.dropFirst) }
}
