import Foundation
import MetaLearning
import TensorPrograms
import Testing

@Suite("Losses")
struct LossTests {
  private static let outputs = [0.3, -1.2, 2.0, 0.5, 0.1, -0.7]
  private static let numbers = [0.0, 1.0, 0.25, 1.0, 0.5, 0.75]

  private func tensor(_ numbers: [Double]) -> Tensor {
    Tensor(numbers, TensorType([2, 3], .float64))
  }

  /// Each loss with what it is of one output and target.
  static let pointwise: [(LossFunction, @Sendable (Double, Double) -> Double)] = [
    (.meanSquaredError, { ($0 - $1) * ($0 - $1) }), (.meanAbsoluteError, { abs($0 - $1) }),
    (
      .huber(threshold: 0.6),
      {
        let e = abs($0 - $1); return e <= 0.6 ? e * e / 2 : 0.6 * (e - 0.3)
      }
    ),
    (
      .binaryCrossEntropy,
      {
        let p = 1 / (1 + exp(-$0)); return -$1 * log(p) - (1 - $1) * log(1 - p)
      }
    ),
  ]

  @Test("numbers, weighted and not", arguments: 0..<4)
  func values(index: Int) {
    let (loss, formula) = Self.pointwise[index]
    let each = zip(Self.outputs, Self.numbers).map { formula($0, $1) }
    let (z, y) = (tensor(Self.outputs), tensor(Self.numbers))
    #expect(abs(loss(z, y).doubles[0] - each.reduce(0, +) / 6) < 1e-14)
    let rows = Tensor([1.0, 3.0])
    let weighted = (each[..<3].reduce(0, +) + 3 * each[3...].reduce(0, +)) / 12
    #expect(abs(loss(z, y, weights: rows).doubles[0] - weighted) < 1e-14)
    let mask = tensor([1, 0, 0, 0, 0, 1])
    #expect(abs(loss(z, y, weights: mask).doubles[0] - (each[0] + each[5]) / 2) < 1e-14)
    #expect(loss(z, y, weights: Tensor([0.0, 0.0])).doubles[0] == 0)
  }

  @Test("a smoothed label is spread over all classes")
  func smoothing() {
    let (z, y) = (tensor(Self.outputs), Tensor([2, 0] as [Int32]))
    let smooth = LossFunction.smoothedCrossEntropy(0.3)(z, y).doubles[0]
    var expected = 0.0
    for (row, label) in [2, 0].enumerated() {
      let part = Array(Self.outputs[3 * row..<3 * row + 3])
      let total = log(part.map(exp).reduce(0, +))
      for k in 0..<3 { expected -= ((k == label ? 0.7 : 0) + 0.1) * (part[k] - total) / 2 }
    }
    #expect(abs(smooth - expected) < 1e-14)
    #expect(
      LossFunction.smoothedCrossEntropy(0)(z, y).doubles[0]
        == LossFunction.crossEntropy(z, y).doubles[0])
  }

  @Test("derivatives of both orders are those of finite differences", arguments: 0..<5)
  func derivatives(index: Int) {
    let isOfClasses = index == 4
    let loss = isOfClasses ? LossFunction.smoothedCrossEntropy(0.2) : Self.pointwise[index].0
    let targets = isOfClasses ? Tensor([2, 0] as [Int32]) : tensor(Self.numbers)
    let weights = Tensor([1.0, 2.0])
    let (z, direction) = (tensor(Self.outputs), tensor([0.5, -0.2, 0.1, 0.7, -0.4, 0.3]))
    let value: @Sendable (Tensor) -> Tensor = { loss($0, targets, weights: weights) }
    let gradient: @Sendable (Tensor) -> Tensor = { valueAndGradient(at: $0, of: value).gradient }
    let step = 1e-5
    let first = (value(z + step * direction) - value(z - step * direction)).doubles[0] / (2 * step)
    #expect(abs((gradient(z) * direction).sum().doubles[0] - first) < 1e-9)
    let curvature: @Sendable (Tensor) -> Tensor = { (gradient($0) * direction).sum() }
    let second = (gradient(z + step * direction) - gradient(z - step * direction)) / (2 * step)
    let exact = valueAndGradient(at: z, of: curvature).gradient
    #expect(zip(exact.doubles, second.doubles).allSatisfy { abs($0 - $1) < 1e-8 })
  }

  @Test("right answers, but for those of weight 0")
  func accuracy() throws {
    let (z, y) = (tensor(Self.outputs), Tensor([2, 1] as [Int32]))
    #expect(LossFunction.crossEntropy.accuracy(z, y)?.doubles == [0.5])
    #expect(LossFunction.crossEntropy.accuracy(z, y, weights: Tensor([2.0, 0.0]))?.doubles == [1])
    let labels = tensor([1, 0, 0, 1, 1, 1])
    let right = try #require(LossFunction.binaryCrossEntropy.accuracy(z, labels)?.doubles[0])
    #expect(abs(right - 4.0 / 6) < 1e-15)
    #expect(LossFunction.huber(threshold: 1).accuracy(z, z) == nil)
  }
}
