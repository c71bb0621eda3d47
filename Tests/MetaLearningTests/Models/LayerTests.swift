import MetaLearning
import TensorPrograms
import Testing

/// A layer as a function of its inputs and parameters, and the same in loops over numbers.
struct LayerCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  /// Of the inputs, then of the parameters.
  let shapes: [Shape]
  let layer: @Sendable ([Tensor]) -> Tensor
  /// The results, row by row, from the arguments' numbers.
  let naive: @Sendable ([[Double]]) -> [Double]

  static let all: [LayerCase] = [
    LayerCase(
      testDescription: "convolution", shapes: [[2, 4, 5, 3], [3, 3, 3, 2], [2]],
      layer: { Convolution(weight: $0[1], bias: $0[2])($0[0]) },
      naive: { convolution($0[0], weight: $0[1], bias: $0[2], 2, (4, 5, 3), (3, 3), outputs: 2) }),
    LayerCase(
      testDescription: "flat convolution", shapes: [[1, 3, 4, 1], [1, 5, 1, 2], [2]],
      layer: { Convolution(weight: $0[1], bias: $0[2])($0[0]) },
      naive: { convolution($0[0], weight: $0[1], bias: $0[2], 1, (3, 4, 1), (1, 5), outputs: 2) }),
    LayerCase(
      testDescription: "batch normalization", shapes: [[3, 2, 2, 2], [2], [2]],
      layer: { BatchNormalization(scale: $0[1], offset: $0[2])($0[0]) },
      naive: { x in
        // Numbers of a channel are 2 apart.
        normalized(x[0], groups: (0..<2).map { c in (0..<12).map { 2 * $0 + c } }) { i, z in
          z * x[1][i % 2] + x[2][i % 2]
        }
      }),
    LayerCase(
      testDescription: "layer normalization", shapes: [[3, 4], [4], [4]],
      layer: { LayerNormalization(scale: $0[1], offset: $0[2])($0[0]) },
      naive: { x in
        normalized(x[0], groups: (0..<3).map { r in (0..<4).map { 4 * r + $0 } }) { i, z in
          z * x[1][i % 4] + x[2][i % 4]
        }
      }),
    LayerCase(
      testDescription: "maximum pooling, odd image", shapes: [[2, 5, 3, 2]],
      layer: { $0[0].maximumPooled() },
      naive: { x in
        var result: [Double] = []
        for n in 0..<2 {
          for r in 0..<2 {
            for c in 0..<2 {
              result.append(
                [(0, 0), (0, 1), (1, 0), (1, 1)].map { i, j in
                  x[0][((n * 5 + 2 * r + i) * 3 + j) * 2 + c]
                }.max()!)
            }
          }
        }
        return result
      }),
  ]

  private static func convolution(
    _ images: [Double], weight: [Double], bias: [Double], _ batch: Int, _ size: (Int, Int, Int),
    _ window: (Int, Int), outputs: Int
  ) -> [Double] {
    let (height, width, channels) = size
    var result: [Double] = []
    for n in 0..<batch {
      for r in 0..<height {
        for c in 0..<width {
          for o in 0..<outputs {
            var sum = bias[o]
            for i in 0..<window.0 {
              for j in 0..<window.1 {
                let (row, column) = (r + i - window.0 / 2, c + j - window.1 / 2)
                guard 0 <= row, row < height, 0 <= column, column < width else { continue }
                for k in 0..<channels {
                  sum +=
                    images[((n * height + row) * width + column) * channels + k]
                    * weight[((i * window.1 + j) * channels + k) * outputs + o]
                }
              }
            }
            result.append(sum)
          }
        }
      }
    }
    return result
  }

  private static func normalized(
    _ x: [Double], groups: [[Int]], _ affine: (Int, Double) -> Double
  ) -> [Double] {
    var result = x
    for group in groups {
      let mean = group.map { x[$0] }.reduce(0, +) / Double(group.count)
      let variance =
        group.map { (x[$0] - mean) * (x[$0] - mean) }.reduce(0, +) / Double(group.count)
      for i in group { result[i] = affine(i, (x[i] - mean) / (variance + 1e-5).squareRoot()) }
    }
    return result
  }

  /// Numbers between -1 and 1.
  func arguments(_ purpose: String = "layer") -> [Tensor] {
    var stream = RandomStream(seed: 5, purpose: "\(purpose) \(testDescription)")
    return shapes.map { shape in
      Tensor((0..<shape.count).map { _ in stream.uniform(-1, 1) }, TensorType(shape, .float64))
    }
  }

  /// A number that depends on every result in a way of its own.
  @Sendable func scalar(_ x: [Tensor]) -> Tensor {
    let y = layer(x)
    let weights = Tensor((0..<y.shape.count).map { 1 + 0.1 * Double($0 % 7) }, y.type)
    return (y.sin() * weights).sum()
  }
}

@Suite struct LayerTests {
  private func dot(_ a: [Tensor], _ b: [Tensor]) -> Tensor {
    zip(a, b).map { ($0 * $1).sum() }.reduce(Tensor([0.0], shape: []), +)
  }

  @Test(arguments: LayerCase.all)
  func equalsLoopsOverNumbers(_ item: LayerCase) {
    let x = item.arguments()
    let y = item.layer(x)
    let expected = Tensor(item.naive(x.map(\.doubles)), y.type)
    #expect(difference([y], [expected]) < 1e-13)
  }

  /// Gradients and Hessian products against central differences.
  @Test(arguments: LayerCase.all)
  func derivativesMatchFiniteDifferences(_ item: LayerCase) {
    let (x, d) = (item.arguments(), item.arguments("direction"))
    let f = item.scalar
    let h = 1e-5
    func at(_ distance: Double) -> [Tensor] { zip(x, d).map { $0 + distance * $1 } }
    let slope = (f(at(h)).scalar - f(at(-h)).scalar) / (2 * h)
    #expect(abs(dot(gradient(at: x, of: f), d).scalar - slope) < 1e-7 * max(1, abs(slope)))
    let bend = zip(gradient(at: at(h), of: f), gradient(at: at(-h), of: f))
      .map { ($0 - $1) / (2 * h) }
    let product = gradient(at: x) { dot(gradient(at: $0, of: f), d) }
    #expect(difference(product, bend) < 1e-6)
  }

  /// Inputs that are one number everywhere: no variance, and nothing but ties.
  @Test(arguments: LayerCase.all, [0.0, 1.0])
  func constantInputsHaveFiniteDerivatives(_ item: LayerCase, _ value: Double) {
    var x = item.arguments()
    let d = item.arguments("direction")
    x[0] = Tensor([Double](repeating: value, count: x[0].shape.count), x[0].type)
    let first = gradient(at: x, of: item.scalar)
    let second = gradient(at: x) { dot(gradient(at: $0, of: item.scalar), d) }
    for tensor in first + second { #expect(tensor.doubles.allSatisfy { $0.isFinite }) }
  }

  @Test func equalGreatestElementsShareTheDerivative() {
    let x = Tensor([2, 2, 1, 2, 9, 9] as [Double], shape: [1, 2, 3, 1])
    // The third column is dropped; of the square 2 2 / 2 9 there is one greatest element.
    let one = gradient(at: [x]) { $0[0].maximumPooled().sum() }[0]
    #expect(one.doubles == [0, 0, 0, 0, 1, 0])
    let ties = Tensor([3, 3, 0, 1, 3, 5] as [Double], shape: [1, 2, 3, 1])
    let third = gradient(at: [ties]) { $0[0].maximumPooled().sum() }[0]
    let share = 1.0 / 3
    let expected: [Double] = [share, share, 0, 0, share, 0]
    #expect(third.doubles == expected)
  }

  @Test func layersAreNamedByPositionAndKind() {
    var stream = RandomStream(seed: 1, purpose: "names")
    let images = ConvolutionalNetwork(
      height: 9, width: 8, channels: 2, filters: [3, 4], outputs: 5, activation: .relu,
      from: &stream, .float64)
    #expect(
      images.paths.map(\.description) == [
        "000_convolution/weight", "000_convolution/bias", "001_batch_norm/scale",
        "001_batch_norm/offset", "002_convolution/weight", "002_convolution/bias",
        "003_batch_norm/scale", "003_batch_norm/offset", "004_dense/weight", "004_dense/bias",
      ])
    #expect(images.tensors[0].shape == [3, 3, 2, 3])
    #expect(images.dense.weight.shape == [16, 5])
    #expect(images(.zeros(TensorType([7, 9, 8, 2], .float64))).shape == [7, 5])

    let perceptron = MultilayerPerceptron(
      sizes: [3, 4, 2], activation: .tanh, normalization: .layer, from: &stream, .float64)
    #expect(
      perceptron.paths.map(\.description) == [
        "000_dense/weight", "000_dense/bias", "001_layer_norm/scale", "001_layer_norm/offset",
        "002_dense/weight", "002_dense/bias",
      ])
    let x = Tensor([1, 2, 3, -1, 0, 5] as [Double], shape: [2, 3])
    let hidden = perceptron.normalizations[0](perceptron.layers[0](x)).tanh()
    #expect(perceptron(x).doubles == perceptron.layers[1](hidden).doubles)
  }
}
