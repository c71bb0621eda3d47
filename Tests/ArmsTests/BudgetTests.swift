import Arms
import MetaLearning
import Testing

/// What outer steps cost, by estimator.
@Suite struct BudgetTests {
  @Test(
    "gradients and products of one run of 10 steps with 7 rates",
    arguments: [
      (ReverseEstimator(), 10, 10), (TruncatedEstimator(window: 4), 10, 4),
      (TruncatedEstimator(window: 40), 10, 10), (FirstOrderEstimator(), 10, 0),
      (OnlineEstimator(), 10, 0),
      (DiagonalForwardEstimator(decay: 0.9), 10, 10), (ForwardEstimator(), 10, 70),
      (EvolutionEstimator(pairs: 3, deviation: 0.1, window: nil), 70, 0),
    ] as [(any HypergradientEstimator, Int, Int)])
  func estimators(_ estimator: any HypergradientEstimator, _ gradients: Int, _ products: Int) {
    var outer = OuterSpecification(rate: 0.1)
    outer.estimator = estimator
    let cost = Budget(of: outer, steps: 10, rates: 7)
    #expect(cost.gradients == gradients && cost.products == products)
    outer.learning = .adaptation
    let training = Budget(of: outer, steps: 10, rates: 7)
    #expect(training.gradients == 10 && training.products == 0)
  }
}
