import Settings
import TensorPrograms

/// What happens to gradients before an optimizer sees them; transformations stand in a chain and are
/// differentiated through.
public protocol GradientTransformation: Kind {
  /// The number that can be learned; nil, the default, where there is none.
  var number: ScalarLayout.Entry? { get }
  /// Whether configurations may list it as a clip: it limits or rescales gradients, whatever the weights;
  /// false by default.
  var isClip: Bool { get }
  /// Whether steps stay long near a minimum, so that it is no fixed point; false by default.
  var rescalesSmallGradients: Bool { get }
  /// The transformed gradients.
  ///
  /// - Parameters:
  ///   - gradients: one a parameter tensor, at least one.
  ///   - parameters: the weights that the gradients belong to.
  ///   - number: the value of `number`, a tensor without axes.
  func callAsFunction(_ gradients: [Tensor], parameters: [Tensor], number: Tensor?) -> [Tensor]
}

extension GradientTransformation {
  /// None.
  public var number: ScalarLayout.Entry? { nil }
  /// It is none.
  public var isClip: Bool { false }
  /// They do not.
  public var rescalesSmallGradients: Bool { false }
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

extension Laboratory {
  /// What may happen to gradients before an optimizer sees them.
  public var transformations: Kinds<any GradientTransformation> {
    get { self[(any GradientTransformation).self] }
    set { self[(any GradientTransformation).self] = newValue }
  }
}
