/// The name of a tensor inside a structure: for example `000_dense/weight`.
public struct ParameterPath: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The components, outermost first.
  public let components: [String]

  /// A path of the given components.
  public init(_ components: [String] = []) { self.components = components }

  /// The path of something inside.
  public static func / (path: ParameterPath, component: String) -> ParameterPath {
    ParameterPath(path.components + [component])
  }

  /// The outermost component: the layer that a tensor belongs to.
  public var layer: String { components.first ?? "" }

  /// The components joined by slashes.
  public var description: String { components.joined(separator: "/") }

  /// Paths in the order of their text.
  public static func < (left: ParameterPath, right: ParameterPath) -> Bool {
    left.description < right.description
  }
}

/// A value made of named tensors: a model's parameters, their gradients, their rates.
///
/// One method, written by hand, says what the tensors are; everything else follows from it, so that
/// gradients, optimizer states and rates are values of the same type as the parameters.
///
/// ```swift
/// struct Line: ParameterStructure {
///   var slope: Tensor
///   var offset: Tensor
///   mutating func visit(
///     _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
///   ) rethrows {
///     try body(path / "slope", &slope)
///     try body(path / "offset", &offset)
///   }
/// }
/// ```
public protocol ParameterStructure: Sendable {
  /// Calls `body` with every tensor and its path, always in the same order.
  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows
}

extension ParameterStructure {
  /// The tensors, in the order of the visit.
  public var tensors: [Tensor] {
    var copy = self
    var result: [Tensor] = []
    copy.visit(ParameterPath()) { _, tensor in result.append(tensor) }
    return result
  }

  /// The paths, in the order of the visit.
  public var paths: [ParameterPath] {
    var copy = self
    var result: [ParameterPath] = []
    copy.visit(ParameterPath()) { path, _ in result.append(path) }
    return result
  }

  /// The same structure with other tensors, given in the order of the visit.
  public func replacingTensors(_ tensors: [Tensor]) -> Self {
    var copy = self
    var next = tensors.makeIterator()
    copy.visit(ParameterPath()) { path, tensor in
      guard let replacement = next.next() else {
        fatalError("a structure of more than \(tensors.count) tensors cannot take them")
      }
      require(
        replacement.shape == tensor.shape,
        "\(path) has shape \(tensor.shape), not \(replacement.shape)")
      tensor = replacement
    }
    require(next.next() == nil, "more tensors than the structure has")
    return copy
  }

  /// The structure with every tensor replaced by a function of it.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> Self {
    var copy = self
    try copy.visit(ParameterPath()) { _, tensor in tensor = try transform(tensor) }
    return copy
  }
}

extension Tensor: ParameterStructure {
  /// A tensor is a structure of itself.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    try body(path, &self)
  }
}

extension Array: ParameterStructure where Element: ParameterStructure {
  /// Elements are named by their position, in three digits.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    for index in indices {
      let digits = String(index)
      let name = String(repeating: "0", count: Swift.max(0, 3 - digits.count)) + digits
      try self[index].visit(path / name, body)
    }
  }
}
