import MetaLearning

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

  func times(_ count: Int) -> Budget {
    Budget(gradients: count * gradients, products: count * products)
  }

  static func + (left: Budget, right: Budget) -> Budget {
    Budget(
      gradients: left.gradients + right.gradients, products: left.products + right.products)
  }
}

extension Budget {
  /// What one run of an outer step costs.
  ///
  /// What a memory policy computes again is not counted, as it changes nothing but the time.
  package init(of outer: OuterSpecification, steps: Int, rates: Int) {
    guard outer.learn != [.adaptedRates] else {
      self.init(gradients: steps)
      return
    }
    switch outer.estimator {
    case .reverse: self.init(gradients: steps, products: steps)
    case .truncated(let window): self.init(gradients: steps, products: min(window, steps))
    case .firstOrder, .online: self.init(gradients: steps)
    case .diagonalForward: self.init(gradients: steps, products: steps)
    // Every rate has a tangent of its own.
    case .forward: self.init(gradients: steps, products: steps * rates)
    // Two runs a pair, and one that is reported.
    case .evolution(let pairs, _, _): self.init(gradients: (2 * pairs + 1) * steps)
    }
  }
}
