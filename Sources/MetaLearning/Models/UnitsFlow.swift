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
    func isOutput(_ axis: Axis) -> Bool { axis.name == Axis.output.name }
    if !own.allSatisfy({ $0.count == 1 && isOutput($0[0]) }) {
      let count = zip(own, shapes).lazy.compactMap { axes, shape in
        axes.firstIndex(where: isOutput).map { shape[$0] }
      }.first
      units = answers ?? count.map { Units(isLast ? Units.targets : "units \(layers)", $0) }
    }
    axes += zip(own, shapes).map { axes, shape in
      axes.enumerated().map { index, axis in
        let units =
          axis.units?.within("layer \(layers)")
          ?? (axis.name == Axis.input.name ? read : isOutput(axis) ? units : nil)
        let name = isLast && isOutput(axis) ? Axis.target.name : axis.name
        return Axis(name, units: units?.count == shape[index] ? units : nil)
      }
    }
  }

  /// A layer without weights whose answers have other units, or units that nobody knows.
  public mutating func change(_ change: (Units) -> Units?) { units = units.flatMap(change) }
}
