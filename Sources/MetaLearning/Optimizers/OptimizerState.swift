import TensorPrograms

/// What is remembered of parameters from step to step: named slots, each a structure like the
/// parameters.
public struct OptimizerState<Parameters: ParameterStructure>: ParameterStructure {
  /// One of them.
  public struct Slot: Sendable {
    /// What checkpoints call it.
    public let name: String
    /// A tensor for each of the parameters'.
    public var value: Parameters

    /// A slot of the given name.
    public init(_ name: String, _ value: Parameters) {
      (self.name, self.value) = (name, value)
    }
  }

  /// In the order in which files and programs have them.
  public var slots: [Slot]

  /// A state of the given slots.
  public init(_ slots: [Slot] = []) { self.slots = slots }

  /// Slot by slot, under their names.
  public mutating func visit(
    _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
  ) rethrows {
    guard !path.isOfReading else {
      for slot in slots {
        var value = slot.value
        try value.visit(path, body)
      }
      return
    }
    for index in slots.indices {
      try slots[index].value.visit(path / slots[index].name, body)
    }
  }

  /// The slot of a name, which must be there.
  public subscript(name: String) -> Parameters {
    get { slots[position(of: name)].value }
    set { slots[position(of: name)].value = newValue }
  }

  private func position(of name: String) -> Int {
    guard let position = slots.firstIndex(where: { $0.name == name }) else {
      fatalError("no slot \(name) among \(slots.map(\.name))")
    }
    return position
  }
}
