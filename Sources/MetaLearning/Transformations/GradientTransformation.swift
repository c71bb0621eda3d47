import Settings
import TensorPrograms

/// What happens to gradients before an optimizer sees them; transformations stand in a chain and
/// are differentiated through.
public protocol GradientTransformation: Kind {
  /// The number that can be learned; nil, the default, where there is none.
  var number: ScalarLayout.Entry? { get }
  /// Whether configurations may list it as a clip: it limits or rescales gradients, whatever the
  /// weights; false by default.
  var isClip: Bool { get }
  /// Whether it leaves gradients near zero as they are, so that minima stay fixed points and
  /// training as stable as it was; false, the default, where that is not known.
  var keepsSmallGradients: Bool { get }
  /// Whether it adds the gradient of λ/2 ‖θ‖², λ being its number; false by default.
  var isCoupledDecay: Bool { get }
  /// The transformed gradients.
  ///
  /// - Parameters:
  ///   - gradients: one per parameter tensor, at least one.
  ///   - parameters: the weights that the gradients belong to.
  ///   - number: the value of `number`, a tensor without axes.
  func callAsFunction(_ gradients: [Tensor], parameters: [Tensor], number: Tensor?) -> [Tensor]
}

extension GradientTransformation {
  /// It has no number that can be learned.
  public var number: ScalarLayout.Entry? { nil }
  /// It is none.
  public var isClip: Bool { false }
  /// It is not known to.
  public var keepsSmallGradients: Bool { false }
  /// It does not.
  public var isCoupledDecay: Bool { false }
}

extension [any GradientTransformation] {
  /// The numbers that can be learned, in the chain's order.
  public var numbers: [ScalarLayout.Entry] { compactMap(\.number) }

  /// The whole chain; `scalars` are the values of `numbers`.
  func callAsFunction(
    _ gradients: [Tensor], parameters: [Tensor], scalars: [Tensor]
  ) -> [Tensor] {
    if gradients.isEmpty { return [] }
    var values = scalars.makeIterator()
    return reduce(gradients) { gradients, transformation in
      let number = transformation.number == nil ? nil : values.next()
      return transformation(gradients, parameters: parameters, number: number)
    }
  }
}

extension Family<any GradientTransformation> {
  /// What happens to gradients before an optimizer sees them.
  public static var transformations: Self { Family("a gradient transformation") { $0 } }
}

extension Laboratory {
  /// What may happen to gradients before an optimizer sees them.
  public var transformations: Registry<any GradientTransformation> {
    get { self[.transformations] }
    set { self[.transformations] = newValue }
  }
}
