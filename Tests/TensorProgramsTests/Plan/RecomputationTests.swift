import TensorPrograms
import Testing

/// Values that several later clusters want, and that follow from fewer.
@Suite("Recomputation") struct RecomputationTests {
  /// Slope and curvature of a tanh, behind a product each.
  private func program(_ x: [Tensor]) -> [Tensor] {
    let t = x[0].tanh()
    let slope = 1 - t * t
    let curvature = -2 * t * slope
    let first = t.product(x[1]) * slope * curvature
    return [first.product(x[1]) * slope + curvature]
  }

  /// What clusters read, numbers included, and write.
  @Test("large values are computed where they are read, small ones once")
  func plans() {
    func text(_ side: Int) -> String {
      let type = TensorType([side, side], .float32)
      return compile([type, type], program).planText
    }
    func clusters(_ text: String) -> [String] {
      text.split(separator: "\n").filter { $0.contains("cluster") }
        .map { $0.split(separator: ",").dropFirst(2).prefix(2).joined(separator: ",") }
    }
    #expect(
      clusters(text(512)) == [" reads 1, writes 1", " reads 4, writes 1", " reads 4, writes 1"])
    #expect(
      clusters(text(16)) == [" reads 3, writes 3", " reads 3, writes 1", " reads 3, writes 1"])
  }

  @Test("recomputed values are the same") func values() {
    let type = TensorType([400, 400], .float64)
    var numbers = Numbers("recomputed")
    let inputs = (0..<2).map { _ in numbers.tensor(type.shape) * 0.05 }
    let found = compile([type, type], program)(inputs)[0].doubles
    let expected = program(inputs)[0].doubles
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test("derivatives of a wide gelu agree with those that are not compiled at once")
  func derivatives() {
    let type = TensorType([256, 512], .float64)
    var numbers = Numbers("gelu")
    let inputs = (0..<3).map { index in
      numbers.tensor(index == 0 ? type.shape : index == 1 ? [512, 256] : [256, 512]) * 0.1
    }
    func penalty(_ x: [Tensor]) -> Tensor {
      let gradients = gradient(at: Array(x.prefix(2))) { w in
        let h = w[0] * w[0].sigmoid()
        return (h.product(w[1]).tanh().product(x[2]) * h).sum()
      }
      return gradients[0].squared().sum() + gradients[1].squared().sum()
    }
    func second(_ x: [Tensor]) -> [Tensor] { gradient(at: x) { penalty($0) } }
    let found = compile(inputs.map(\.type), second)(inputs)
    for (one, other) in zip(found, second(inputs)) {
      let scale = other.doubles.map(abs).max() ?? 0
      #expect(zip(one.doubles, other.doubles).allSatisfy { abs($0 - $1) < 1e-11 * scale })
    }
  }
}
