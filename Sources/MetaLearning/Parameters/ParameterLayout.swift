import TensorPrograms

/// What a model's parameters are called and which shapes they have, without their values.
public struct ParameterLayout: Sendable, Equatable {
  /// One path per tensor, in the order of the visit.
  public let paths: [ParameterPath]
  /// One type a tensor.
  public let types: [TensorType]
  /// What each axis of each tensor runs over; nothing for tensors whose axes have no names.
  public let axes: [[Axis]]

  /// The layout of a structure.
  public init(_ structure: some ParameterStructure) {
    paths = structure.paths
    types = structure.tensors.map(\.type)
    axes = (structure as? any Trainable)?.axes ?? types.map { _ in [] }
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
  /// For each tensor, which of the layers is its own.
  var layerOfTensor: [Int] {
    let layers = layers
    return paths.map { layers.firstIndex(of: $0.layer)! }
  }
}
