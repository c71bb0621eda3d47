/// What something cost, in inner steps.
public struct Budget: Sendable, Equatable {
  /// Gradients of inner steps.
  public var gradients: Int
  /// Hessian-vector products.
  public var products: Int

  /// A Hessian-vector product counts as so many gradients, beside the gradient that it is taken of.
  public static let gradientsPerProduct = 2

  /// So many gradients and products.
  public init(gradients: Int = 0, products: Int = 0) {
    self.gradients = gradients
    self.products = products
  }

  /// Everything in gradients.
  public var gradientEquivalents: Int { gradients + Budget.gradientsPerProduct * products }

  /// So many times the cost.
  public func times(_ count: Int) -> Budget {
    Budget(gradients: count * gradients, products: count * products)
  }

  /// Both costs together.
  public static func + (left: Budget, right: Budget) -> Budget {
    Budget(
      gradients: left.gradients + right.gradients, products: left.products + right.products)
  }
}
