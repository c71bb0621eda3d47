import Configurations
import HDF5Files
import MetaLearning
import TensorPrograms

/// Inputs of the benchmarks' forms from the embedded digits and random streams, for measuring
/// without a file.
package enum GeneratedInputs {
  static func longHorizon() throws -> BenchmarkInputs {
    let tree = try HDF5Image.decode(embedded: EmbeddedData.digits)
    let pixels = try tree.dataset(at: "/inputs").convertedToDouble()
    let labels = try tree.dataset(at: "/targets").convertedToDouble()
    var stream = RandomStream(seed: 1, purpose: "benchmark")
    let order = stream.permutation(labels.count)
    func images(_ rows: [Int]) -> Tensor {
      Tensor(
        rows.flatMap { row in pixels[row * 64..<(row + 1) * 64].map { Float($0 / 16) } },
        shape: [rows.count, 64])
    }
    func targets(_ rows: [Int]) -> Tensor { Tensor(rows.map { Int32(labels[$0]) }) }
    let (train, validation) = (Array(order.prefix(1000)), Array(order.dropFirst(1000)))
    var datasets: [String: Tensor] = [
      "train/inputs": images(train), "train/targets": targets(train),
      "validation/inputs": images(validation), "validation/targets": targets(validation),
      "index": Tensor(
        (0..<64_000).map { _ in Int32(stream.integer(below: 1000)) }, shape: [1000, 64]),
    ]
    addWeights(
      &datasets,
      MultilayerPerceptron(
        sizes: [64, 128, 128, 10], activation: .tanh, from: &stream, .float32), rate: 0.05)
    return BenchmarkInputs(generated: "long-horizon", datasets)
  }

  static func sinusoid() -> BenchmarkInputs {
    var stream = RandomStream(seed: 2, purpose: "benchmark")
    let task = SinusoidTask(
      support: 10, query: 10, hidden: [40, 40], activation: .relu, scalarType: .float32)
    let episodes = (0..<25).map { index in
      task.episode(
        EpisodeRequest(
          role: .training, steps: 1, batch: 10,
          stream: RandomStream(seed: 2, purpose: "curves", index: UInt64(index))))
    }
    var datasets: [String: Tensor] = [
      "support/inputs": .stack(episodes.map { $0.steps[0][0] }),
      "support/targets": .stack(episodes.map { $0.steps[1][0] }),
      "query/inputs": .stack(episodes.map { $0.evaluation[0] }),
      "query/targets": .stack(episodes.map { $0.evaluation[1] }),
    ]
    addWeights(
      &datasets,
      MultilayerPerceptron(sizes: [1, 40, 40, 1], activation: .relu, from: &stream, .float32),
      rate: 0.01)
    return BenchmarkInputs(generated: "sinusoid", datasets)
  }

  static func fewShotImages() -> BenchmarkInputs {
    let (tasks, ways, query, size, filters) = (4, 5, 15, 28, 64)
    var stream = RandomStream(seed: 3, purpose: "benchmark")
    func images(_ count: Int) -> Tensor { normal([tasks, count, size, size, 1], &stream) }
    func classes(_ each: Int) -> Tensor {
      Tensor(
        (0..<tasks).flatMap { _ in (0..<ways * each).map { Int32($0 / each) } },
        shape: [tasks, ways * each])
    }
    var datasets = [
      "support/inputs": images(ways), "support/targets": classes(1),
      "query/inputs": images(ways * query), "query/targets": classes(query),
    ]
    addWeights(
      &datasets,
      ConvolutionalNetwork(
        height: size, width: size, channels: 1, filters: [filters, filters, filters, filters],
        outputs: ways, activation: .relu, from: &stream, .float32),
      rate: 0.01)
    return BenchmarkInputs(generated: "conv4", datasets)
  }

  package static func wide(
    _ group: String = "wide", sizes: [Int] = [784, 1024, 1024, 10], steps: Int = 10,
    batch: Int = 256
  ) -> BenchmarkInputs {
    var stream = RandomStream(seed: 4, purpose: "benchmark")
    func classes(_ shape: Shape) -> Tensor {
      Tensor(
        (0..<shape.count).map { _ in Int32(stream.integer(below: sizes.last!)) }, shape: shape)
    }
    var datasets = [
      "train/inputs": normal([steps, batch, sizes[0]], &stream),
      "train/targets": classes([steps, batch]),
      "validation/inputs": normal([batch, sizes[0]], &stream),
      "validation/targets": classes([batch]),
    ]
    addWeights(
      &datasets,
      MultilayerPerceptron(sizes: sizes, activation: .relu, from: &stream, .float32), rate: 0.05)
    return BenchmarkInputs(generated: group, datasets)
  }

  /// Sums of two numbers modulo 23 in 200 batches of 64: both numbers and a sign, then the sum.
  static func transformerAddition() -> BenchmarkInputs {
    let modulus = 23
    var stream = RandomStream(seed: 6, purpose: "benchmark")
    func pairs(_ leading: [Int]) -> (inputs: Tensor, targets: Tensor) {
      let count = leading.reduce(1, *)
      let pairs = (0..<count).map { _ in
        (Int32(stream.integer(below: modulus)), Int32(stream.integer(below: modulus)))
      }
      return (
        Tensor(pairs.flatMap { [$0, $1, Int32(modulus)] }, shape: Shape(leading + [3])),
        Tensor(pairs.map { ($0 + $1) % Int32(modulus) }, shape: Shape(leading))
      )
    }
    return transformer(
      "transformer-addition", tokens: modulus + 1, outputs: modulus,
      train: pairs([200, 64]), validation: pairs([265]), &stream)
  }

  /// Random tokens in 200 batches of 16 windows of 32.
  static func transformerText() -> BenchmarkInputs {
    var stream = RandomStream(seed: 7, purpose: "benchmark")
    func windows(_ leading: [Int]) -> (inputs: Tensor, targets: Tensor) {
      let shape = Shape(leading + [32])
      func tokens() -> Tensor {
        Tensor((0..<shape.count).map { _ in Int32(stream.integer(below: 64)) }, shape: shape)
      }
      return (tokens(), tokens())
    }
    return transformer(
      "transformer-text", tokens: 64, outputs: 64, train: windows([200, 16]),
      validation: windows([32]), &stream)
  }

  private static func transformer(
    _ group: String, tokens: Int, outputs: Int, train: (inputs: Tensor, targets: Tensor),
    validation: (inputs: Tensor, targets: Tensor), _ stream: inout RandomStream
  ) -> BenchmarkInputs {
    var datasets = [
      "train/inputs": train.inputs, "train/targets": train.targets,
      "validation/inputs": validation.inputs, "validation/targets": validation.targets,
    ]
    let form = ExampleForm(
      positions: train.inputs.shape[2], tokens: tokens, outputs: outputs,
      answersEach: train.targets.rank == 3, scalar: .float32)
    guard let drawing = try? TransformerBenchmark.kind.drawing(for: form) else {
      preconditionFailure("no transformer for \(form)")
    }
    addWeights(&datasets, drawing.draw(&stream), rate: 0.001)
    return BenchmarkInputs(generated: group, datasets)
  }

  static func eager() -> BenchmarkInputs {
    var stream = RandomStream(seed: 5, purpose: "benchmark")
    return BenchmarkInputs(generated: "eager", ["x": normal([64], &stream)])
  }

  private static func normal(_ shape: Shape, _ stream: inout RandomStream) -> Tensor {
    Tensor((0..<shape.count).map { _ in Float(stream.normal()) }, shape: shape)
  }

  private static func addWeights<Model: ParameterStructure>(
    _ datasets: inout [String: Tensor], _ model: Model, rate: Double
  ) {
    for (path, tensor) in zip(model.paths, model.tensors) {
      datasets["initial/\(path)"] = tensor
      datasets["rates/\(path)"] = Tensor(repeating: rate, tensor.type)
    }
  }
}
