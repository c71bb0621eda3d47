import Settings
import TensorPrograms

/// A differentiable optimizer: the direction of a step as a formula for one tensor.
///
/// A step is θ ← θ − s α⊙d with rates α, the schedule's multiplier s, and the direction d that the
/// formula makes of gradient, weights, what it remembers of the tensor, and its own numbers.
/// Numbers that are declared `learnable` reach the formula as tensors, so that they can be learned.
///
/// ```swift
/// struct Momentum: Optimizer {
///   var momentum = 0.9
///   static let word = "momentum"
///   static let schema = Schema<Self>(
///     "a running sum of gradients",
///     Setting("momentum", \.momentum, .number(.belowOne), "what stays of it at each step"))
///   static let learnable = [Learnable<Self>("momentum", \.momentum, .unitInterval)]
///   func slots(like type: TensorType) -> Velocity { Velocity(like: type) }
///   func direction(
///     _ gradient: Tensor, of tensor: OptimizedTensor, _ velocity: inout Velocity,
///     _ numbers: Numbers<Self>, step: Tensor
///   ) -> Tensor {
///     velocity.velocity = numbers[\.momentum] * velocity.velocity + gradient
///     return velocity.velocity
///   }
/// }
/// ```
public protocol Optimizer: Kind {
  /// What is remembered of one tensor from step to step; the paths of its tensors name the state.
  associatedtype Slots: ParameterStructure
  /// The numbers that can be learned.
  static var learnable: [Learnable<Self>] { get }
  /// What is remembered of a tensor before the first step: tensors of the type, as checkpoints
  /// expect.
  func slots(like type: TensorType) -> Slots
  /// d, of the gradient's shape.
  ///
  /// - Parameters:
  ///   - gradient: of the loss with respect to the tensor.
  ///   - tensor: the weights that are stepped.
  ///   - slots: what is remembered of the tensor, to be changed for the next step.
  ///   - numbers: the numbers that can be learned.
  ///   - step: how many steps came before, a scalar.
  func direction(
    _ gradient: Tensor, of tensor: OptimizedTensor, _ slots: inout Slots, _ numbers: Numbers<Self>,
    step: Tensor
  ) -> Tensor
  /// The same optimizer for the outer loop, whose gradients are often below 1e-4: a guard that is
  /// added under a root would damp them in silence. By default nothing changes.
  var forOuterLoop: Self { get }
  /// Whether weights decay beside the gradient, so that no minimum of the loss is a fixed point;
  /// false by default.
  var hasDecoupledDecay: Bool { get }
  /// Whether the direction is the gradient itself, which closed forms take for granted; false by
  /// default.
  var isPlainDescent: Bool { get }
  /// Names of the state's slots that never hold a negative number; none by default.
  var nonnegativeSlots: [String] { get }
  /// The sharpness λ_max(A^½HA^½) above which full-batch training of a quadratic is unstable; nil,
  /// the default, where gradients are rescaled.
  func stabilityEdge(_ numbers: Numbers<Self>) -> Double?
}

extension Optimizer {
  /// No number can be learned.
  public static var learnable: [Learnable<Self>] { [] }
  /// The optimizer as it is.
  public var forOuterLoop: Self { self }
  /// It has none.
  public var hasDecoupledDecay: Bool { false }
  /// It is not.
  public var isPlainDescent: Bool { false }
  /// No slot is known to.
  public var nonnegativeSlots: [String] { [] }
  /// The edge is not known.
  public func stabilityEdge(_ numbers: Numbers<Self>) -> Double? { nil }
}

extension Optimizer where Slots == NoSlots {
  /// Nothing is remembered.
  public func slots(like type: TensorType) -> NoSlots { NoSlots() }
}

/// The memory of an optimizer that has none.
public typealias NoSlots = NoTensors

/// A tensor of weights that an optimizer steps.
public struct OptimizedTensor: Sendable {
  /// The weights.
  public let value: Tensor
  /// Whether it is a matrix, or a stack of them, between hidden layers: neither the first layer's,
  /// which reads the inputs, nor the last one's, which gives the outputs.
  public let isHiddenMatrix: Bool

  /// A tensor of weights.
  public init(_ value: Tensor, isHiddenMatrix: Bool = false) {
    self.value = value
    self.isHiddenMatrix = isHiddenMatrix
  }
}

/// A number of an optimizer that can be learned.
public struct Learnable<Root: Sendable>: Sendable {
  private let property: WritableKeyPath<Root, Double> & Sendable
  private let name: String
  private let range: ScalarLayout.Range

  /// A number, what checkpoints call it, and what it may become.
  public init(
    _ name: String, _ property: WritableKeyPath<Root, Double> & Sendable,
    _ range: ScalarLayout.Range
  ) {
    (self.name, self.property, self.range) = (name, property, range)
  }

  /// The number with its value before anything is learned.
  func entry(_ root: Root) -> ScalarLayout.Entry {
    ScalarLayout.Entry(name, root[keyPath: property], range)
  }

  /// Whether the number is a property.
  ///
  /// Key paths are not compared: those to one number differ where one was written down for a
  /// protocol and one for a type that conforms to it, and those to the numbers of two protocols may
  /// be equal. What counts is that a value put in by one comes out by the other.
  func isThat(at other: KeyPath<Root, Double>, in root: Root) -> Bool {
    var (one, two) = (root, root)
    one[keyPath: property] = 1
    two[keyPath: property] = 2
    return one[keyPath: other] == 1 && two[keyPath: other] == 2
  }
}

/// The numbers of an optimizer as tensors without axes: those that are learned, or those specified.
public struct Numbers<Root: Optimizer> {
  private let optimizer: Root
  private let tensors: [Tensor]

  /// Numbers of an optimizer, in the order of `Root.learnable`.
  init(of optimizer: Root, _ tensors: [Tensor]) {
    require(
      tensors.count == Root.learnable.count,
      "\(Root.self) has \(Root.learnable.count) numbers, not \(tensors.count)")
    (self.optimizer, self.tensors) = (optimizer, tensors)
  }

  /// A number by its property, which must be among `Root.learnable`.
  public subscript(property: KeyPath<Root, Double> & Sendable) -> Tensor {
    guard let index = Root.learnable.firstIndex(where: { $0.isThat(at: property, in: optimizer) })
    else {
      preconditionFailure("\(property) is not among the learnable numbers of \(Root.self)")
    }
    return tensors[index]
  }
}

extension Family<any Optimizer> {
  /// What turns gradients into steps, in the inner loop and in the outer one.
  public static var optimizers: Self { Family("an optimizer", reserved: ["rate"]) { $0 } }
}

extension Laboratory {
  /// What may turn gradients into steps, in the inner loop and in the outer one.
  public var optimizers: Registry<any Optimizer> {
    get { self[.optimizers] }
    set { self[.optimizers] = newValue }
  }
}
