import Experiments
import MetaLearning
import Testing

/// What outer steps cost, by estimator.
@Suite struct BudgetTests {
  @Test(
    "gradients and products of one run of 10 steps with 7 rates",
    arguments: [
      (EstimatorSpecification.reverse, 10, 10), (.truncated(window: 4), 10, 4),
      (.truncated(window: 40), 10, 10), (.firstOrder, 10, 0), (.online, 10, 0),
      (.diagonalForward(decay: 0.9), 10, 10), (.forward, 10, 70),
      (.evolution(pairs: 3, deviation: 0.1, window: nil), 70, 0),
    ])
  func estimators(_ estimator: EstimatorSpecification, _ gradients: Int, _ products: Int) {
    var outer = OuterSpecification(rate: 0.1)
    outer.estimator = estimator
    let cost = Budget(of: outer, steps: 10, rates: 7)
    #expect(cost.gradients == gradients && cost.products == products)
    outer.learn = [.adaptedRates]
    let training = Budget(of: outer, steps: 10, rates: 7)
    #expect(training.gradients == 10 && training.products == 0)
  }
}
