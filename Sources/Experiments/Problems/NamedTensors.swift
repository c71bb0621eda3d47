import MetaLearning
import TensorPrograms

/// Tensors by name: the parameters of a golden case, whatever its model.
struct NamedTensors: Trainable {
  private(set) var names: [ParameterPath]
  private(set) var values: [Tensor]
  /// What their axes run over, as far as that is known.
  private(set) var axes: [[Axis]]
  /// What training passes change beside them, such as running statistics, by its names.
  private(set) var stateNames: [ParameterPath] = []
  private(set) var stateValues: [Tensor] = []

  init(_ items: [(name: String, tensor: Tensor)]) {
    names = items.map { ParameterPath($0.name.split(separator: "/").map(String.init)) }
    values = items.map(\.tensor)
    axes = items.map { _ in [] }
  }

  /// The same tensors, whose axes run over what is given by name.
  func naming(_ axes: [String: [Axis]]) -> NamedTensors {
    var copy = self
    copy.axes = names.map { axes[$0.description] ?? [] }
    return copy
  }

  /// The same tensors beside a model's state.
  func keeping(_ state: some ParameterStructure) -> NamedTensors {
    var copy = self
    (copy.stateNames, copy.stateValues) = (state.paths, state.tensors)
    return copy
  }

  mutating func visitState(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    for index in stateValues.indices {
      try body(
        ParameterPath(path.components + stateNames[index].components), &stateValues[index])
    }
  }

  mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    for index in values.indices {
      try body(ParameterPath(path.components + names[index].components), &values[index])
    }
  }

  subscript(name: String) -> Tensor {
    guard let index = names.firstIndex(where: { $0.description == name }) else {
      fatalError("no tensor \(name) among \(names)")
    }
    return values[index]
  }
}
