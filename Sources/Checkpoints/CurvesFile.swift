import HDF5Files
import MetaLearning

/// A file of losses step by step, by the name of what they are of.
///
/// `/curves/<name>` has `evaluation_loss` [run, evaluation], `evaluated_step` [evaluation] and
/// `training_loss` [run, step]: the loss of a step's batch before the step.
public enum CurvesFile {
  /// Writes curves to a file in one atomic step.
  public static func write(
    _ curves: [(name: String, curves: InnerCurves)], to path: String
  ) throws(CheckpointError) {
    var tree = HDF5Tree()
    for (name, curves) in curves {
      let group = "/curves/\(name)"
      tree["\(group)/evaluated_step"] = HDF5Dataset(
        curves.evaluatedSteps.map { Int64($0) }, dimensions: ["evaluated_step"])
      tree["\(group)/evaluation_loss"] = HDF5Dataset(
        curves.evaluationLosses.flatMap(\.self),
        shape: [curves.evaluationLosses.count, curves.evaluatedSteps.count])
      tree["\(group)/training_loss"] = HDF5Dataset(
        curves.trainingLosses.flatMap(\.self), shape: [curves.trainingLosses.count, curves.steps])
    }
    try CheckpointSeal.curves.write(tree, to: path)
  }
}
