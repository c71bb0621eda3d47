import TensorPrograms

/// Names the units of a model's axes by following what flows through its layers.
///
/// ```swift
/// /// With these, `rates.granularity: orbit` knows that hidden units can be exchanged.
/// var axes: [[Axis]] {
///   var flow = UnitsFlow(inputs: layers[0].weight.shape[0])
///   flow.add(layers[0])
///   let stream = flow.units
///   for block in stride(from: 1, to: layers.count - 1, by: 2) {
///     flow.add(layers[block])
///     flow.add(layers[block + 1], answers: stream)
///   }
///   flow.add(layers[layers.count - 1], isLast: true)
///   return flow.axes
/// }
/// ```
public struct UnitsFlow {
  /// The axes of the layers so far.
  public private(set) var axes: [[Axis]] = []
  /// What flows out of the last layer; nil where nobody knows.
  public private(set) var units: Units?
  private var layers = 0
  /// What became of parts of units that turned out to be coarser: by their names.
  private var replaced: [String: [Units.Part]] = [:]

  /// A flow that begins with inputs whose last axis has so many numbers.
  public init(inputs count: Int) { units = Units(Units.inputs, count) }

  /// The next layer, whose answers are those of units that are there already, or of its own. Units
  /// that it names itself, such as heads, stay within it.
  ///
  /// - Parameters:
  ///   - layer: whose axes are named.
  ///   - isLast: whether it gives the model's answers.
  ///   - answers: the units of its answers, where they are added to what others give.
  public mutating func add(_ layer: some Trainable, isLast: Bool = false, answers: Units? = nil) {
    let (read, own) = (units, layer.axes)
    let shapes = layer.tensors.map(\.shape)
    layers += 1
    // A layer without an axis for what it reads scales each of its units by itself.
    func isOutput(_ axis: Axis) -> Bool { Axis.ofAnswers.contains(axis.name) }
    if own.contains(where: { $0.contains { $0.name == Axis.input.name } }) {
      let count = zip(own, shapes).lazy.compactMap { axes, shape in
        axes.firstIndex(where: isOutput).map { shape[$0] }
      }.first
      units =
        answers?.replacing(replaced)
        ?? count.map { Units(isLast ? Units.targets : "units \(layers)", $0) }
    }
    axes += zip(own, shapes).map { axes, shape in
      axes.enumerated().map { index, axis in
        let units =
          axis.units?.within("layer \(layers)")
          ?? (axis.name == Axis.input.name ? read : isOutput(axis) ? units : nil)
        let name = isLast && axis.name == Axis.output.name ? Axis.target.name : axis.name
        return Axis(name, units: units?.count == shape[index] ? units : nil)
      }
    }
  }

  /// A layer without weights whose answers have other units, or units that nobody knows.
  public mutating func change(_ change: (Units) -> Units?) { units = units.flatMap(change) }

  /// Goes back to units that flowed before, for another layer that reads them.
  public mutating func goBack(to units: Units?) {
    self.units = units.map { $0.replacing(replaced) }
  }

  /// Adds what flows to units that flowed before. Where these are others, or nobody knows, neither can
  /// be exchanged.
  public mutating func join(_ others: Units?) {
    let (own, others) = (units, others.map { $0.replacing(replaced) })
    guard own != others else { return }
    for units in [own, others] { forget(units) }
    units = nil
  }

  /// The next layer reads units in so many groups side by side: only whole groups can be exchanged,
  /// and units within all groups alike.
  public mutating func divide(into groups: Int) {
    guard groups > 1, let units else { return }
    if units.parts.count == 2, units.parts[0].count == groups { return }
    guard units.parts.count == 1, let name = units.parts[0].name, units.count % groups == 0 else {
      return forget(units)
    }
    replace(
      name,
      by: [
        Units.Part(name: "groups of \(name)", count: groups),
        Units.Part(name: "\(name) within groups", count: units.count / groups),
      ])
  }

  /// The next layer, each group of whose answers reads a group of what flows, which is divided into
  /// these: groups of both are exchanged together, and units within all groups alike.
  public mutating func addGrouped(_ layer: some Trainable, groups: Int) {
    let read = units
    layers += 1
    let shapes = layer.tensors.map(\.shape)
    let isDivided = read?.parts.count == 2 && read?.parts[0].count == groups
    axes += zip(layer.axes, shapes).map { axes, shape in
      axes.enumerated().map { index, axis in
        switch axis.name {
        case Axis.input.name:
          Axis(axis.name, units: isDivided ? read.map { Units(parts: [$0.parts[1]]) } : nil)
        case Axis.output.name:
          Axis(axis.name, units: read.flatMap { answers(shape[index], of: $0) })
        default: axis
        }
      }
    }
    let count = layer.tensors.last?.shape.extents.last ?? 0
    units = read.flatMap { answers(count, of: $0) }

    func answers(_ count: Int, of read: Units) -> Units? {
      guard isDivided else { return nil }
      let within = Units.Part(name: "units \(layers) within groups", count: count / groups)
      return Units(parts: [read.parts[0], within])
    }
  }

  private mutating func forget(_ units: Units?) {
    for part in units?.parts ?? [] {
      if let name = part.name { replace(name, by: [Units.Part(name: nil, count: part.count)]) }
    }
  }

  private mutating func replace(_ name: String, by parts: [Units.Part]) {
    let change = [name: parts]
    for (earlier, parts) in replaced {
      replaced[earlier] = Units(parts: parts).replacing(change).parts
    }
    replaced[name] = parts
    axes = axes.map { $0.map { Axis($0.name, units: $0.units.map { $0.replacing(change) }) } }
    units = units.map { $0.replacing(change) }
  }
}
