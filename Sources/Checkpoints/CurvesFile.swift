import HDF5Files
import MetaLearning

/// A file of losses step by step, by the name of what they are of.
///
/// `/curves/<name>` has `evaluation_loss` [run, evaluation], `evaluated_step` [evaluation] and
/// `training_loss` [run, step]: the loss of a step's batch before the step. Of repeated runs,
/// `/curves/<number>` has `mean`, `quantile_10` and `quantile_90` over the runs of each repetition
/// [repetition, evaluation], `evaluated_step` and, as attributes, `name` and `horizon`, the steps of
/// the runs.
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
        shape: [curves.evaluationLosses.count, curves.evaluatedSteps.count],
        dimensions: ["run", "evaluated_step"]
      ).described("loss on evaluation data")
      tree["\(group)/training_loss"] = HDF5Dataset(
        curves.trainingLosses.flatMap(\.self), shape: [curves.trainingLosses.count, curves.steps],
        dimensions: ["run", "step"]
      ).described("loss of a step's batch before the step")
    }
    try CheckpointSeal.curves.write(tree, to: path)
  }

  /// Curves of repeated runs over the same steps: by repetition, in few numbers.
  public struct Repeated {
    /// What they are of.
    let name: String
    /// After how many steps losses were taken.
    let steps: [Int]
    /// Means of each repetition's runs, [repetition][evaluation]; infinite where one has diverged.
    let means: [[Double]]
    /// Lower and upper edges of the middle 80 % of runs, [repetition][evaluation].
    let quantiles: (low: [[Double]], high: [[Double]])

    /// Curves of repeated runs.
    public init(
      name: String, steps: [Int], means: [[Double]], quantiles: (low: [[Double]], high: [[Double]])
    ) {
      (self.name, self.steps, self.means, self.quantiles) = (name, steps, means, quantiles)
    }
  }

  /// Writes curves of repeated runs to a file in one atomic step.
  public static func write(_ curves: [Repeated], to path: String) throws(CheckpointError) {
    var tree = HDF5Tree()
    for (index, curve) in curves.enumerated() {
      let group = "/curves/\(index + 1)"
      tree[group: group].attributes["name"] = .string(curve.name)
      tree[group: group].attributes["horizon"] = .integer(Int64(curve.steps.last ?? 0))
      tree["\(group)/evaluated_step"] = HDF5Dataset(
        curve.steps.map { Int64($0) }, dimensions: ["evaluated_step"])
      for (name, meaning, rows) in [
        ("mean", "mean test loss of a repetition's runs", curve.means),
        ("quantile_10", "their quantile at 10 %", curve.quantiles.low),
        ("quantile_90", "their quantile at 90 %", curve.quantiles.high),
      ] {
        tree["\(group)/\(name)"] = HDF5Dataset(
          rows.flatMap(\.self), shape: [rows.count, curve.steps.count],
          dimensions: ["repetition", "evaluated_step"]
        ).described(meaning)
      }
    }
    try CheckpointSeal.curves.write(tree, to: path)
  }
}
