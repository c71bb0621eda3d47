import TensorPrograms

/// What an axis of a tensor of weights runs over, seen from its layer; a layer of one's own may
/// name others.
public struct Axis: Sendable, Hashable, ExpressibleByStringLiteral {
  /// What it is called: `input`.
  public let name: String
  /// Which units of the model they are; nil where nobody knows, and in a layer by itself.
  public internal(set) var units: Units?

  /// An axis of a name.
  public init(_ name: String, units: Units? = nil) { (self.name, self.units) = (name, units) }

  /// An axis of a name.
  public init(stringLiteral name: String) { self.init(name) }

  /// Units or channels that the layer reads.
  public static let input: Axis = "input"
  /// Units or channels that the layer gives.
  public static let output: Axis = "output"
  /// Classes or targets, where the layer gives the model's answers.
  public static let target: Axis = "target"
  /// Rows of a kernel's window.
  public static let kernelRow: Axis = "kernel_row"
  /// Columns of a kernel's window.
  public static let kernelColumn: Axis = "kernel_column"
}

/// Units of a model that an axis runs over. Axes of the same units belong together: whoever exchanges
/// two of the units exchanges them along all of these axes.
public struct Units: Sendable, Hashable {
  /// What each of several parts of an axis runs over, outermost first: positions × channels.
  public struct Part: Sendable, Hashable {
    /// Which units; nil for what cannot be exchanged, such as positions of an image.
    public let name: String?
    /// How many.
    public let count: Int
  }

  /// One for most axes.
  public let parts: [Part]

  /// So many units of a name.
  public init(_ name: String, _ count: Int) { parts = [Part(name: name, count: count)] }

  private init(parts: [Part]) { self.parts = parts }

  /// How long an axis over them is.
  public var count: Int { parts.reduce(1) { $0 * $1.count } }

  /// The units at each of so many positions, one position after the other.
  func atPositions(_ positions: Int) -> Units {
    positions == 1 ? self : Units(parts: [Part(name: nil, count: positions)] + parts)
  }

  /// What the model reads.
  public static let inputs = "inputs"
  /// What the model answers with.
  public static let targets = "targets"
}

/// Names the units of a model's axes by following what flows through its layers.
struct UnitsFlow {
  /// The axes of the layers so far.
  private(set) var axes: [[Axis]] = []
  /// What flows out of the last layer; nil where nobody knows.
  private(set) var units: Units?
  private var layers = 0

  /// A flow that begins with inputs whose last axis has so many numbers.
  init(inputs count: Int) { units = Units(Units.inputs, count) }

  /// The next layer, whose answers are those of units that are there already, or of its own.
  ///
  /// - Parameters:
  ///   - layer: whose axes are named.
  ///   - isLast: whether it gives the model's answers.
  ///   - answers: the units of its answers, where they are added to what others give.
  mutating func add(_ layer: some Trainable, isLast: Bool = false, answers: Units? = nil) {
    let (read, own) = (units, layer.axes)
    let shapes = layer.tensors.map(\.shape)
    layers += 1
    // A layer without an axis for what it reads scales each of its units by itself.
    if !own.allSatisfy({ $0 == [.output] }) {
      let count = zip(own, shapes).lazy.compactMap { axes, shape in
        axes.firstIndex(of: .output).map { shape[$0] }
      }.first
      units = answers ?? count.map { Units(isLast ? Units.targets : "units \(layers)", $0) }
    }
    axes += zip(own, shapes).map { axes, shape in
      axes.enumerated().map { index, axis in
        let units = axis == .input ? read : axis == .output ? units : nil
        let name = isLast && axis == .output ? Axis.target.name : axis.name
        return Axis(name, units: units?.count == shape[index] ? units : nil)
      }
    }
  }

  /// A layer without weights whose answers have other units, or units that nobody knows.
  mutating func change(_ change: (Units) -> Units?) { units = units.flatMap(change) }
}
