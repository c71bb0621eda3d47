import Checkpoints
import Configurations
import Foundation
import HDF5Files
import MetaLearning
import TensorPrograms

/// A benchmark's inputs: read from a file that other frameworks read too, or made here.
///
/// Format: a group a workload with `initial/…`, `rates/…` and its data; see experiments/peers.
package struct BenchmarkInputs {
  private let tree: HDF5Tree
  private let group: String
  private let source: String

  /// The inputs of a group of a file.
  init(file: String, group: String) throws {
    do throws(HDF5Error) {
      tree = try HDF5Image.decode(path: file, selection: ["/" + group])
    } catch {
      throw DataError(reading: file, error)
    }
    self.group = group
    source = file
  }

  /// Inputs of the same form from random streams of our own.
  init(generated group: String, _ datasets: [String: Tensor]) {
    var tree = HDF5Tree()
    for (path, tensor) in datasets { tree["/\(group)/\(path)"] = HDF5Dataset(tensor) }
    self.tree = tree
    self.group = group
    source = "generated inputs"
  }

  /// One dataset.
  func tensor(_ path: String) throws -> Tensor {
    do {
      return try tree.dataset(at: "/\(group)/\(path)").tensor(at: path)
    } catch {
      throw DataError.unsuitable(
        path: source, found: "\(error)", expected: "the inputs of experiments/peers/inputs.py")
    }
  }

  /// The data of one run, batch by batch, as a batch of runs.
  func oneRun() throws -> EpisodeBatch {
    func run(_ path: String) throws -> Tensor {
      let tensor = try tensor(path)
      return tensor.reshaped(to: tensor.shape.prepending(1))
    }
    return EpisodeBatch(
      episode: Episode(
        steps: [try run("train/inputs"), try run("train/targets")],
        evaluation: [try run("validation/inputs"), try run("validation/targets")]))
  }

  /// The initial weights as a network.
  func perceptron(_ activation: Activation) throws -> MultilayerPerceptron {
    var layers: [Dense] = []
    while tree["/\(group)/initial/\(layerName(layers.count, "dense"))/weight"] != nil {
      let layer = layerName(layers.count, "dense")
      layers.append(
        Dense(
          weight: try tensor("initial/\(layer)/weight"), bias: try tensor("initial/\(layer)/bias")))
    }
    return MultilayerPerceptron(layers: layers, activation: activation)
  }

  /// The initial weights as a convolutional network.
  func convolutionalNetwork(_ activation: Activation) throws -> ConvolutionalNetwork {
    var blocks: [ConvolutionalNetwork.Block] = []
    while true {
      let convolution = "initial/" + layerName(2 * blocks.count, "convolution")
      let normalization = "initial/" + layerName(2 * blocks.count + 1, "batch_norm")
      guard tree["/\(group)/\(convolution)/weight"] != nil else { break }
      blocks.append(
        ConvolutionalNetwork.Block(
          convolution: Convolution(
            weight: try tensor(convolution + "/weight"), bias: try tensor(convolution + "/bias")),
          normalization: BatchNormalization(
            scale: try tensor(normalization + "/scale"),
            offset: try tensor(normalization + "/offset"))))
    }
    let dense = "initial/" + layerName(2 * blocks.count, "dense")
    return ConvolutionalNetwork(
      blocks: blocks,
      dense: Dense(weight: try tensor(dense + "/weight"), bias: try tensor(dense + "/bias")),
      activation: activation)
  }

  /// The rates of the weights, in their order.
  func rates(_ paths: [ParameterPath]) throws -> [Tensor] {
    try paths.map { try tensor("rates/\($0)") }
  }
}
