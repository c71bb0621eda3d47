import ArrayFiles
import Checkpoints
import Configurations
import Foundation
import HDF5Files
import MetaLearning
import Settings
import TensorPrograms

/// What leaves a checkpoint: learned rates, weights, and what was done with them.
package struct CheckpointExport {
  /// A tensor of the model, with what leaves of it.
  struct Item {
    let name: String
    /// What its axes run over.
    let axes: [String]
    let shape: [Int]
    /// Rates, or their means; behind an axis of steps where they change.
    let rates: Tensor
    let weights: Tensor
  }

  package let path: String
  let configuration: RunConfiguration
  let items: [Item]
  /// What the model keeps beside its weights.
  let state: [(name: String, tensor: Tensor)]
  let granularity: ExportedGranularity
  let changesOverTime: Bool
  /// The schedule's multiplier at each step.
  let schedule: [Double]
  /// Names of the matrices between the first and the last.
  let hiddenMatrices: [String]
  let description: OptimizerDescription
  let contentSHA256: String
  /// Which state it is, in words.
  package let stateText: String
  /// Whose weights they are, in words.
  package let weightsText: String

  /// Reads a checkpoint.
  ///
  /// - Parameters:
  ///   - reference: the file, and which of its states.
  ///   - granularity: how finely rates leave.
  ///   - laboratory: the kinds that its configuration may name.
  /// - Throws: `DataError` and `CheckpointError` for a file that cannot be read or holds no such rates.
  package init(
    _ reference: CheckpointReference, by granularity: ExportedGranularity,
    in laboratory: Laboratory
  ) throws {
    let path = reference.file
    let tree = try CheckpointFile.read(path)
    do {
      let recorded = try RecordedRates(tree, path, laboratory)
      configuration = recorded.configuration
      let file = try StartingCheckpoint(tree, reference)
      let network = try file.network(recorded.names)
      let parameters = network.parameters
      changesOverTime = network.steps != nil
      let weights = try file.readersWeights(recorded.names)
      items = try recorded.names.indices.map { index in
        let means: Tensor
        do throws(GeometricMean.Refusal) {
          means = try granularity.mean(of: network.rates[index], hasTime: network.steps != nil)
        } catch {
          throw DataError.unsuitable(
            path: path,
            found: "rates of \(recorded.names[index]) that have no geometric mean: \(error.found)",
            expected: "rates above 0; --by parameter takes them as they are")
        }
        return Item(
          name: recorded.names[index], axes: parameters.axes[index].map(\.name),
          shape: parameters.shapes[index].extents, rates: means, weights: weights[index])
      }
      state = try tree.datasets(under: "/model_state").map {
        (name: $0.path, tensor: try $0.dataset.tensor(at: $0.path))
      }
      hiddenMatrices = zip(recorded.names, parameters.optimized(weights))
        .filter(\.1.isHiddenMatrix).map(\.0)
      let layout = configuration.inner.scalars
      // Learned with the rates or, where they were not, taken from another file.
      let source =
        try file.hasScalars(layout)
        ? file : configuration.initialScalars.map { try StartingCheckpoint($0) }
      let scalars = try source?.scalars(layout, as: .float64) ?? []
      description = OptimizerDescription(
        configuration.inner,
        learned: Dictionary(
          zip(layout.names, scalars.map(\.scalar)), uniquingKeysWith: { first, _ in first }))
      stateText = file.stateText
      weightsText = file.weightsText
    } catch let error as HDF5Error {
      throw CheckpointError.unreadable(path: path, error)
    }
    let (steps, inner) = (configuration.inner.steps, configuration.inner)
    schedule = (0..<steps).map { inner.schedule.multiplier(at: $0, of: steps) }
    contentSHA256 =
      tree[group: "/"].attributes["content_sha256"]?.stringValue ?? "unknown"
    (self.path, self.granularity) = (path, granularity)
  }

  /// What is to be known of the arrays, as JSON.
  ///
  /// - Parameters:
  ///   - layout: how tensors lie.
  ///   - name: what a tensor is called.
  ///   - axes: what a tensor's axes run over.
  func metadata(
    layout: String, name: (String) -> String, axes: (Item) -> [String]
  ) throws -> String {
    let document = Document(
      format: "metarate-export", version: 1, metarate: Provenance.version,
      checkpoint: contentSHA256, run: configuration.name, state: stateText, weights: weightsText,
      layout: layout, granularity: granularity.rawValue, rates: granularity.text,
      adapts: configuration.inner.online != nil, steps: configuration.inner.steps,
      batch: configuration.inner.batch,
      changesOverTime: changesOverTime, order: items.map { name($0.name) },
      axes: Dictionary(
        items.map { (name($0.name), axes($0)) }, uniquingKeysWith: { first, _ in first }),
      hiddenMatrices: hiddenMatrices.map(name), optimizer: description.optimizer,
      transformations: description.transformations,
      schedule: type(of: configuration.inner.schedule).word)
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(document), as: UTF8.self)
  }

  private struct Document: Encodable {
    let format: String
    let version: Int
    let metarate: String
    let checkpoint: String
    let run: String
    let state: String
    let weights: String
    let layout: String
    let granularity: String
    let rates: String
    let adapts: Bool
    let steps: Int
    let batch: Int
    let changesOverTime: Bool
    let order: [String]
    let axes: [String: [String]]
    let hiddenMatrices: [String]
    let optimizer: OptimizerDescription.Optimizer
    let transformations: [OptimizerDescription.Transformation]
    let schedule: String
  }
}
