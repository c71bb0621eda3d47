import Arms
import TensorPrograms
import Testing

@Suite("Controls of learned rates")
struct RateControlTests {
  // Two layers, of a 2×3 weight with a bias, and of one tensor; two rows of time.
  private let tensors: [[[Double]]] = [
    [[1, 2, 3, 4, 5, 6], [10, 20, 30, 40, 50, 60]], [[7, 8, 9], [70, 80, 90]], [[2, 4], [6, 8]],
  ]

  private func applied(_ control: RateControl, to tensors: [[[Double]]]? = nil) -> [[[Double]]] {
    var stream = RandomStream(seed: 1, purpose: "test")
    return control.applied(
      to: tensors ?? self.tensors, widths: [3, 3, 2],
      orbits: [[0, 1, 0, 2, 3, 2], [0, 0, 1], [0, 0]], layers: [0, 0, 2], &stream)
  }

  @Test("shuffled rates are the same ones in other places, in the same order at all times")
  func shuffled() {
    let found = applied(.shuffled)
    #expect(found != tensors)
    for (tensor, original) in zip(found, tensors) {
      #expect(tensor.map { $0.sorted() } == original.map { $0.sorted() })
    }
    #expect(found[0][1] == found[0][0].map { 10 * $0 })
  }

  @Test("means are those of tensors, layers and output units")
  func means() {
    #expect(applied(.tensorMeans)[0][0] == [Double](repeating: 3.5, count: 6))
    #expect(applied(.tensorMeans)[2][1] == [7, 7])
    let layer = (21.0 + 24) / 9
    #expect(applied(.layerMeans)[0][0] == [Double](repeating: layer, count: 6))
    #expect(applied(.layerMeans)[1][0] == [Double](repeating: layer, count: 3))
    #expect(applied(.layerMeans)[2][0] == [3, 3])
    #expect(applied(.outputUnitMeans)[0][0] == [2.5, 3.5, 4.5, 2.5, 3.5, 4.5])
    #expect(applied(.outputUnitMeans)[1] == tensors[1])
    // Orbits of 1 and 3, of 2, of 4 and 6, and of 5.
    #expect(applied(.orbitMeans)[0][0] == [2, 2, 2, 5, 5, 5])
    #expect(applied(.orbitMeans)[1][1] == [75, 75, 90])
  }

  @Test("drawn rates have the moments of the learned ones, and stay above 0 where those are")
  func logNormal() {
    let count = 40_000
    let learned = (0..<count).map { 0.5 + Double($0 % 10) / 10 }
    let mean = learned.reduce(0, +) / Double(count)
    let variance = learned.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(count)
    for shift in [0.0, -0.9] {
      let given = learned.map { $0 + shift }
      let drawn = applied(.logNormal, to: [[given], [given], [given]])[0][0]
      let found = drawn.reduce(0, +) / Double(count)
      let spread = drawn.map { ($0 - found) * ($0 - found) }.reduce(0, +) / Double(count)
      // Five standard errors of the mean; the variance's error is a few times larger.
      #expect(abs(found - mean - shift) < 5 * (variance / Double(count)).squareRoot())
      #expect(abs(spread / variance - 1) < 0.06)
      #expect(drawn.allSatisfy { $0 > 0 } == (shift == 0))
      #expect(Set(drawn).count > count / 2)
    }
  }
}
