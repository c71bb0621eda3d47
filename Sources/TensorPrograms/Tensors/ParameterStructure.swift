/// The name of a tensor inside a structure: for example `000_dense/weight`.
public struct ParameterPath: Sendable, Hashable, CustomStringConvertible {
  /// The components, outermost first.
  public let components: [String]
  /// Whether components are kept; visits that ask for no names skip the work of making them.
  private let isNamed: Bool
  /// Whether the visit changes nothing, so that lists need not be copied to be visited.
  package let isOfReading: Bool

  /// A path of the given components.
  public init(_ components: [String] = []) {
    self.components = components
    (isNamed, isOfReading) = (true, false)
  }

  private init(isOfReading: Bool) {
    components = []
    (isNamed, self.isOfReading) = (false, isOfReading)
  }

  /// The path of everything in a visit that asks for no names.
  static let unnamed = ParameterPath(isOfReading: false)
  /// The path of everything in a visit that asks for no names and changes nothing.
  static let reading = ParameterPath(isOfReading: true)

  /// The path of something inside.
  public static func / (
    path: ParameterPath, component: @autoclosure () -> String
  ) -> ParameterPath {
    path.isNamed ? ParameterPath(path.components + [component()]) : path
  }

  /// The outermost component: the layer that a tensor belongs to.
  public var layer: String { components.first ?? "" }

  /// The components joined by slashes.
  public var description: String { components.joined(separator: "/") }
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
    var result: [Tensor] = []
    append(to: &result)
    return result
  }

  /// Adds the tensors to a list, in the order of the visit.
  fileprivate func append(to list: inout [Tensor]) {
    var copy = self
    copy.visit(.reading) { _, tensor in list.append(tensor) }
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
    let paths = self.paths
    require(
      tensors.count == paths.count,
      "a structure of \(paths.count) tensors takes as many, found \(tensors.count)")
    for (path, (new, old)) in zip(paths, zip(tensors, self.tensors)) {
      require(new.shape == old.shape, "\(path) has shape \(old.shape), not \(new.shape)")
    }
    return filled(from: TensorSource(tensors))
  }

  /// The same structure with the next tensors of a source, whatever their shapes.
  func filled(from source: TensorSource) -> Self {
    mapTensors { _ in source.next() }
  }

  /// The structure with every tensor replaced by a function of it.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> Self {
    var copy = self
    try copy.visit(.unnamed) { _, tensor in tensor = try transform(tensor) }
    return copy
  }
}

extension ParameterStructure {
  /// The structure whose tensors are a function of this one's and another's, tensor by tensor.
  public func mapTensors(
    with other: Self, _ transform: (Tensor, Tensor) throws -> Tensor
  ) rethrows -> Self {
    let source = TensorSource(other.tensors)
    return try mapTensors { try transform($0, source.next()) }
  }
}

/// Tensors that structures are filled from, one structure after the other.
final class TensorSource {
  private let tensors: [Tensor]
  private var position = 0

  init(_ tensors: [Tensor]) { self.tensors = tensors }

  /// The next tensor; there must be one.
  func next() -> Tensor {
    require(
      position < tensors.count, "a structure has more tensors than there are to fill it with")
    defer { position += 1 }
    return tensors[position]
  }
}

/// The tensors of some structures, one structure after the other.
func flattened<each Structure: ParameterStructure>(
  _ structures: repeat each Structure
) -> [Tensor] {
  // One list that grows no further: small programs run in less time than lists are copied in.
  var tensors: [Tensor] = []
  tensors.reserveCapacity(64)
  for structure in repeat each structures { structure.append(to: &tensors) }
  return tensors
}

/// A structure without tensors, where a result is required and there is none.
public struct NoTensors: ParameterStructure {
  /// A structure without tensors.
  public init() {}

  /// There is nothing to visit.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {}
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
  @_specialize(where Element == Tensor)
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    guard !path.isOfReading else {
      for element in self {
        var element = element
        try element.visit(path, body)
      }
      return
    }
    for index in indices { try self[index].visit(path / positionName(index), body) }
  }
}

/// A position in three digits or more.
private func positionName(_ index: Int) -> String {
  let digits = String(index)
  return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
}

extension Optional: ParameterStructure where Wrapped: ParameterStructure {
  /// What is wrapped, under the same name; nothing where there is none.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    // Changed where it stands: a structure taken out and put back would be copied.
    try self?.visit(path, body)
  }
}
