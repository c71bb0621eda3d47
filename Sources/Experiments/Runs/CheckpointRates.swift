import Checkpoints
import HDF5Files
import MetaLearning
import TensorPrograms

/// The effective rates of a checkpoint, to start from.
enum CheckpointRates {
  /// Rates for the tensors of a layout, [rows of time,] parameter shape.
  static func read(
    _ path: String, _ parameters: ParameterLayout, as scalar: ScalarType
  ) throws -> [Tensor] {
    let tree: HDF5Tree
    do throws(HDF5Error) {
      tree = try HDF5Image.decode(path: path)
    } catch {
      throw DataError(reading: path, error)
    }
    guard tree[group: "/"].attributes["format"] == .string(CheckpointSeal.checkpoint.format) else {
      throw DataError.unsuitable(
        path: path, found: "a file of another kind", expected: "a checkpoint with learned rates")
    }
    try CheckpointSeal.checkpoint.verify(tree, at: path)
    return try parameters.paths.map { name in
      guard let dataset = tree["/rates/\(name)"] else {
        throw DataError.unsuitable(
          path: path, found: "no rates for \(name)",
          expected: "rates for \(parameters.paths.map(\.description).joined(separator: ", "))")
      }
      return Tensor(
        dataset.convertedToDouble(), TensorType(Shape(dataset.shape), scalar))
    }
  }
}
