/// What an arm cost, tuning included, in inner steps.
package struct Budget: Sendable, Equatable {
  /// Gradients of inner steps.
  package var gradients = 0
  /// Hessian-vector products.
  package var products = 0

  /// A Hessian-vector product costs about two gradients more.
  package static let gradientsPerProduct = 2

  /// Everything in gradients.
  package var gradientEquivalents: Int { gradients + Budget.gradientsPerProduct * products }

  static func + (left: Budget, right: Budget) -> Budget {
    Budget(
      gradients: left.gradients + right.gradients, products: left.products + right.products)
  }
}
