import Foundation
import MetaLearning
import TensorPrograms
import Testing

/// Layers against their formulas, by hand.
@Suite struct AttentionTests {
  /// Two positions of two features, one head, weights of which the sums are easy.
  @Test func isSoftmaxOfProductsTimesValues() {
    var stream = RandomStream(seed: 1, purpose: "attention")
    var layer = Attention(features: 2, heads: 1, isCausal: false, from: &stream, .float64)
    func matrix(_ numbers: [Double]) -> Tensor { Tensor(numbers, TensorType([2, 1, 2], .float64)) }
    (layer.query, layer.key, layer.value) = (
      matrix([1, 0, 0, 1]), matrix([2, 0, 0, 1]), matrix([0, 1, 1, 0])
    )
    layer.mixing = Tensor([1, 0, 0, 1], TensorType([1, 2, 2], .float64))
    layer.bias = Tensor([0.5, 0], TensorType([2], .float64))
    let x = Tensor([1, 2, 3, -1], TensorType([1, 2, 2], .float64))
    var pass = ForwardPass.evaluation
    let found = layer(x, &pass).doubles
    // Queries are the inputs, keys (2a, b), values (b, a).
    let (rows, root) = ([[1.0, 2], [3, -1]], 2.0.squareRoot())
    for (position, q) in rows.enumerated() {
      let scores = rows.map { exp((q[0] * 2 * $0[0] + q[1] * $0[1]) / root) }
      let total = scores.reduce(0, +)
      let first = zip(scores, rows).reduce(0) { $0 + $1.0 * $1.1[1] } / total
      let second = zip(scores, rows).reduce(0) { $0 + $1.0 * $1.1[0] } / total
      #expect(abs(found[2 * position] - first - 0.5) < 1e-12)
      #expect(abs(found[2 * position + 1] - second) < 1e-12)
    }
  }

  /// Rotated queries and keys compare by their distance: of pairs taken as complex numbers, the real
  /// part of q · conj(k) · exp(i · distance · frequency).
  @Test func rotaryScoresDependOnDistance() {
    var stream = RandomStream(seed: 1, purpose: "attention")
    let layer = Attention(
      features: 4, heads: 1, isCausal: true, isRotary: true, from: &stream, .float64)
    let x = Tensor(TensorType([1, 5, 4], .float64)) { stream.normal() }
    var pass = ForwardPass.evaluation
    let found = layer(x, &pass).doubles
    func mapped(_ weight: Tensor) -> [[Double]] {
      let product = x[0].product(weight.reshaped(to: [4, 4])).doubles
      return stride(from: 0, to: 20, by: 4).map { Array(product[$0..<$0 + 4]) }
    }
    let (queries, keys, values) = (mapped(layer.query), mapped(layer.key), mapped(layer.value))
    func score(_ q: Int, _ k: Int) -> Double {
      (0..<2).reduce(0.0) { sum, pair in
        let angle = Double(q - k) * pow(10_000, -Double(pair) / 2)
        let (a, b) = (queries[q][pair], queries[q][pair + 2])
        let (c, d) = (keys[k][pair], keys[k][pair + 2])
        return sum + (a * c + b * d) * cos(angle) + (a * d - b * c) * sin(angle)
      }
    }
    let mixing = layer.mixing.doubles
    for q in 0..<5 {
      let powers = (0...q).map { exp(score(q, $0) / 2) }
      let total = powers.reduce(0, +)
      let mixed = (0..<4).map { unit in
        zip(powers, values).reduce(0) { $0 + $1.0 * $1.1[unit] } / total
      }
      for output in 0..<4 {
        let expected = (0..<4).reduce(0.0) { $0 + mixed[$1] * mixing[4 * $1 + output] }
        #expect(abs(found[4 * q + output] - expected) < 1e-12)
      }
    }
  }

  /// One unit, one input: the formulas in numbers.
  @Test func gatedUnitFollowsItsFormula() {
    var stream = RandomStream(seed: 2, purpose: "gru")
    let layer = GRU(features: 1, units: 1, from: &stream, .float64)
    let weights = layer.tensors.map(\.doubles)
    let (w, u) = (weights[0], weights[2])
    let inputs = [0.3, -1.2, 0.7]
    var (h, expected) = (0.0, [Double]())
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    for x in inputs {
      let (r, z) = (sigmoid(w[0] * x + u[0] * h), sigmoid(w[1] * x + u[1] * h))
      let n = tanh(w[2] * x + r * (u[2] * h))
      h = (1 - z) * n + z * h
      expected.append(h)
    }
    var pass = ForwardPass.evaluation
    let found = layer(Tensor(inputs, TensorType([1, 3, 1], .float64)), &pass).doubles
    for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-12) }
  }

  /// A grouped convolution is one convolution a group, side by side.
  @Test func groupsAreConvolutionsOfTheirOwn() {
    var stream = RandomStream(seed: 3, purpose: "groups")
    let layer = Convolution(
      inputs: 4, outputs: 6, stride: 2, groups: 2, from: &stream, .float64)
    let images = Tensor(TensorType([2, 5, 5, 4], .float64)) { stream.normal() }
    let whole = layer(images)
    for group in 0..<2 {
      let part = Convolution(
        weight: layer.weight.slice(axis: 3, 3 * group..<3 * group + 3),
        bias: layer.bias.slice(3 * group..<3 * group + 3), stride: 2)
      let found = part(images.slice(axis: 3, 2 * group..<2 * group + 2))
      let expected = whole.slice(axis: 3, 3 * group..<3 * group + 3)
      #expect(found.shape == [2, 3, 3, 3])
      #expect(zip(found.doubles, expected.doubles).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }
}
