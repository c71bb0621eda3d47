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
  /// Units of a recurrent layer that it reads again at the next position: those that it gives.
  public static let recurrent: Axis = "recurrent"
  /// Which of a recurrent layer's gates.
  public static let gate: Axis = "gate"
  /// Heads of attention.
  public static let head: Axis = "head"
  /// Positions of a sequence.
  public static let position: Axis = "position"
  /// Classes or targets, where the layer gives the model's answers.
  public static let target: Axis = "target"
  /// Rows of a kernel's window.
  public static let kernelRow: Axis = "kernel_row"
  /// Columns of a kernel's window.
  public static let kernelColumn: Axis = "kernel_column"

  /// Names of axes that run over what a layer gives.
  static let ofAnswers: Set<String> = [output.name, recurrent.name]
}
