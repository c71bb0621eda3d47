import Experiments
import MetaLearning
import TensorPrograms
import Testing

/// ½ Σ h r² over a few tensors, whose gradient h r is known.
private struct Quadratic {
  let curvatures: [[Double]]
  let point: [Tensor]

  init(_ counts: [Int], _ scalar: ScalarType = .float64) {
    var stream = RandomStream(seed: 4, purpose: "quadratic")
    curvatures = counts.map { count in (0..<count).map { _ in stream.uniform(0.5, 2) } }
    point = counts.map { count in
      Tensor((0..<count).map { _ in stream.normal() }, TensorType(Shape([count]), scalar))
    }
  }

  func value(_ rates: [Tensor]) -> Double {
    var sum = 0.0
    for (tensor, numbers) in zip(rates, curvatures) {
      for (rate, curvature) in zip(tensor.doubles, numbers) { sum += 0.5 * curvature * rate * rate }
    }
    return sum
  }

  var gradient: [[Double]] {
    zip(curvatures, point).map { numbers, tensor in
      zip(numbers, tensor.doubles).map { curvature, rate in curvature * rate }
    }
  }

  /// What differences say of a gradient, which need not be this function's.
  func compare(
    _ gradient: [[Double]], of function: (([Tensor]) -> Double)? = nil
  ) -> DirectionalComparison {
    DirectionalComparison(
      zip(gradient, point).map { Tensor($0, $1.type) },
      named: point.indices.map { "tensor \($0)" }, at: point, seed: 0, of: function ?? value)
  }
}

extension DirectionalComparison {
  fileprivate func names(_ verdict: AgreementVerdict) -> [String] {
    rows.filter { $0.verdict == verdict }.map(\.name)
  }
}

@Suite("Derivatives along directions beside differences")
struct DirectionalComparisonTests {
  private let random = (1...4).map { "random \($0)" }

  @Test("the right gradient agrees along directions whose derivatives differ")
  func right() {
    let quadratic = Quadratic([30, 10, 1])
    let found = quadratic.compare(quadratic.gradient)
    let names = ["hypergradient", "tensor 0", "tensor 1", "tensor 2"] + random
    #expect(found.names(.agree) == names && found.verdict == .agree)
    #expect(Set(found.rows.map { abs($0.found) }).count == names.count)
    #expect(found.rows.allSatisfy { $0.error <= 1e-8 * abs($0.found) })
    #expect(
      found.conclusion() == "8 of 8 directions agree: errors within spread, rounding and a "
        + "tolerance of 1e-06")
    #expect(found.text(by: "reverse").contains("numbers for 41 rates."))
  }

  /// Along the gradient itself and its parts such an error is of second order.
  @Test("an error across the gradient is seen along random directions")
  func across() {
    let quadratic = Quadratic([40])
    var gradient = quadratic.gradient
    let (first, second) = (gradient[0][0], gradient[0][1])
    gradient[0][0] += 1e-4 * second
    gradient[0][1] -= 1e-4 * first
    let found = quadratic.compare(gradient)
    #expect(found.names(.agree) == ["hypergradient"])
    #expect(found.names(.differ) == random && found.verdict == .differ)
    #expect(
      found.conclusion().contains("4 differ") && !found.conclusion().contains("single precision"))
  }

  @Test("the tensor that is wrong is named", arguments: [0.0, 0.999, -1])
  func oneTensor(_ factor: Double) {
    let quadratic = Quadratic([30, 30, 30])
    var gradient = quadratic.gradient
    gradient[1] = gradient[1].map { factor * $0 }
    let found = quadratic.compare(gradient)
    // A direction that leaves out what was forgotten is right of all that it has.
    let own = factor == 0 ? [] : ["hypergradient"]
    #expect(found.names(.differ) == own + ["tensor 1"] + random)
    #expect(found.names(.agree).contains("tensor 0") && found.names(.agree).contains("tensor 2"))
  }

  @Test("a gradient that is not finite differs")
  func notFinite() {
    let quadratic = Quadratic([3, 3])
    var gradient = quadratic.gradient
    gradient[0][0] = .nan
    #expect(quadratic.compare(gradient).verdict == .differ)
    #expect(quadratic.compare(gradient).names(.differ).contains("tensor 0"))
  }

  @Test("single precision allows as much as its rounding explains, and no more")
  func single() {
    let quadratic = Quadratic([30, 30], .float32)
    func rounded(_ rates: [Tensor]) -> Double { Double(Float(quadratic.value(rates))) }
    let right = quadratic.compare(quadratic.gradient, of: rounded)
    #expect(right.verdict == .agree && right.names(.agree).count == 7)
    #expect(right.rows.allSatisfy { $0.error <= $0.expected.uncertainty + 1e-5 * abs($0.found) })
    var gradient = quadratic.gradient
    gradient[0] = gradient[0].map { 1.1 * $0 }
    let wrong = quadratic.compare(gradient, of: rounded)
    #expect(wrong.names(.differ).contains("tensor 0") && wrong.verdict == .differ)
    #expect(wrong.conclusion().contains("precision=double tells"))
  }

  @Test("a function that is mostly rounding tells nothing of any gradient")
  func nothing() {
    let quadratic = Quadratic([30, 30])
    var stream = RandomStream(seed: 2, purpose: "rounding")
    func rough(_ rates: [Tensor]) -> Double { quadratic.value(rates) + 1e3 * stream.normal() }
    let found = quadratic.compare(quadratic.gradient, of: rough)
    #expect(found.names(.cannotTell).count == 7 && found.verdict == .cannotTell)
    #expect(found.conclusion().contains("0 of 7 directions agree"))
    #expect(found.conclusion().contains("7 cannot tell"))
  }

  @Test("where nothing matters, no hypergradient is right and any other is wrong")
  func flat() {
    let quadratic = Quadratic([3, 3])
    func constant(_ rates: [Tensor]) -> Double { 2 }
    let right = quadratic.compare([[0, 0, 0], [0, 0, 0]], of: constant)
    #expect(right.names(.agree) == ["tensor 0", "tensor 1"] + random)
    #expect(quadratic.compare(quadratic.gradient, of: constant).verdict == .differ)
  }

  @Test("directions have length 1 and none is there twice")
  func directions() {
    func directions(_ gradient: [Tensor]) -> [UnitDirection] {
      UnitDirection.all(of: gradient, named: gradient.indices.map { "\($0)" }, seed: 3)
    }
    for gradient in [
      [Tensor([3.0, 4])], [Tensor([2.0])], [Tensor([0.0])], [Tensor([0.0, 0]), Tensor([1.0])],
    ] {
      for direction in directions(gradient) {
        #expect(abs(globalNorm(direction.tensors) - 1) < 1e-12, "\(direction)")
      }
    }
    #expect(directions([Tensor([3.0, 4])])[0].tensors[0].doubles == [0.6, 0.8])
    #expect(directions([Tensor([3.0, 4])]).map(\.name) == ["hypergradient"] + random)
    #expect(directions([Tensor([2.0])]).map(\.name) == ["hypergradient"])
    #expect(directions([Tensor([0.0])]).map(\.name) == ["random 1"])
    let parts = directions([Tensor([3.0, 0]), Tensor([0.0, 4])])
    #expect(parts.map(\.name) == ["hypergradient", "0", "1"] + random)
    #expect(parts[1].tensors.map(\.doubles) == [[1, 0], [0, 0]])
    #expect(parts[2].tensors.map(\.doubles) == [[0, 0], [0, 1]])
  }
}
