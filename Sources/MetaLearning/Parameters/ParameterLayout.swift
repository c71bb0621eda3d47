import TensorPrograms

/// What a model's parameters are called and which shapes they have, without their values.
public struct ParameterLayout: Sendable, Equatable {
  /// One path per tensor, in the order of the visit.
  public let paths: [ParameterPath]
  /// One type a tensor.
  public let types: [TensorType]

  /// The layout of a structure.
  public init(_ structure: some ParameterStructure) {
    paths = structure.paths
    types = structure.tensors.map(\.type)
  }

  /// How many tensors there are.
  public var count: Int { paths.count }
  /// The extents of each tensor.
  public var shapes: [Shape] { types.map(\.shape) }
  /// How many numbers there are.
  public var parameterCount: Int { types.reduce(0) { $0 + $1.shape.count } }
  /// The layers that have parameters, nearest the input first.
  public var layers: [String] {
    var seen = Set<String>()
    return paths.map(\.layer).filter { seen.insert($0).inserted }
  }
}
