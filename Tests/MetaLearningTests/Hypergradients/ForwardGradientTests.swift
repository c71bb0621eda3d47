import MetaLearning
import TensorPrograms
import Testing

/// Derivatives along random directions, each times its direction.
@Suite struct ForwardGradientTests {
  /// With g the exact hypergradient the estimate over directions v is the mean of (g·v) v, to
  /// rounding: its expectation is g, as that of v vᵀ is the identity.
  @Test(arguments: [Granularity.global, .tensor, .parameter])
  func isTheMeanOfProjections(_ granularity: Granularity) throws {
    let problem = smallProblem(
      Adam(beta1: 0.8, beta2: 0.9),
      rates: rateSpecification(granularity, .constant, .softplus, 0.05), steps: 4)
    let batch = problem.batch(role: .training, seed: 1, indices: 0..<3)
    let point = try problem.initialPoint(for: batch)
    let directions = 5
    let estimator = ForwardGradientHypergradient(problem, like: batch, directions: directions)
    let found = estimator(batch, at: point).gradient.rates
    let exact = ReverseHypergradient(problem, like: batch)(batch, at: point).gradient.rates
    let drawn = estimator.tensors(batch, at: point).suffix(point.rates.count)
    #expect(drawn.map(\.shape) == point.rates.map { $0.shape.prepending(directions) })
    var expected = point.rates.map { Tensor.zeros($0.type) }
    for index in 0..<directions {
      let v = zip(drawn, point.rates).map {
        $0.slice(index..<index + 1).reshaped(to: $1.shape)
      }
      let slope = zip(exact, v).map { ($0 * $1).sum().scalar }.reduce(0, +)
      expected = zip(expected, v).map { $0 + $1 * (slope / Double(directions)) }
    }
    #expect(difference(found, expected) < 1e-10)
    #expect(difference(found, exact) > 1e-3)
  }
}
