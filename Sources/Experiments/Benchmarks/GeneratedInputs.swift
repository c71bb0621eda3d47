import HDF5Files
import MetaLearning
import TensorPrograms

/// Inputs of the benchmarks' forms from the embedded digits and random streams, for measuring
/// without a file.
enum GeneratedInputs {
  static func longHorizon() throws -> BenchmarkInputs {
    let tree = try HDF5Image.decode(EmbeddedData.digits)
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
    addWeights(&datasets, sizes: [64, 128, 128, 10], rate: 0.05, &stream)
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
    addWeights(&datasets, sizes: [1, 40, 40, 1], rate: 0.01, &stream)
    return BenchmarkInputs(generated: "sinusoid", datasets)
  }

  private static func addWeights(
    _ datasets: inout [String: Tensor], sizes: [Int], rate: Double, _ stream: inout RandomStream
  ) {
    let network = MultilayerPerceptron(
      sizes: sizes, activation: .tanh, from: &stream, .float32)
    for (path, tensor) in zip(network.paths, network.tensors) {
      datasets["initial/\(path)"] = tensor
      datasets["rates/\(path)"] = Tensor(repeating: rate, tensor.type)
    }
  }
}
