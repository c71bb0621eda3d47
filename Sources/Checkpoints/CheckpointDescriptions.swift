import HDF5Files
import MetaLearning
import TensorPrograms

/// What the groups and datasets of a checkpoint say of themselves: `long_name`, `units` where there is
/// one, and `axes`, the names of the axes of tensors.
enum CheckpointDescriptions {
  private static let rateUnit = "weight per unit of the inner optimizer's direction"

  private static let meanings: [(path: String, meaning: String, unit: String?)] = [
    ("/rates", "effective rates: what the inner steps use", rateUnit),
    ("/rates_initial", "effective rates that learning started from", rateUnit),
    ("/rates_raw", "the numbers that are trained, from which rates follow", nil),
    ("/rates_orbits", "the orbit of each parameter, counted from 0 in each tensor", nil),
    ("/model", "weights; the attribute weights says whose", nil),
    ("/model_state", "what the model keeps beside its weights", nil),
    ("/scalars", "learned numbers of the inner step", nil),
    ("/scalars_raw", "the trained numbers behind them", nil),
    ("/outer_optimizer", "state of the outer optimizer", nil),
    ("/inner_optimizer", "weights and states of the inner runs that go on", nil),
    ("/progress", "how far learning is", nil),
    ("/progress/best", "the best state by validation", nil),
    (BestDatasets.rates, "its effective rates", rateUnit),
    (BestDatasets.unconstrainedRates, "its trained numbers", nil),
    (BestDatasets.model, "its initial weights", nil),
    ("/progress/outer_step", "outer steps done", nil),
    (BestDatasets.step, "outer steps behind the best state", nil),
    (
      BestDatasets.objective, "mean objective of validation runs, in the unit of the task's loss",
      nil
    ),
    ("/random/seed", "what every random number of the run follows from", nil),
  ]

  /// Groups whose tensors are as the parameters, perhaps behind an axis of time.
  private static let parameterGroups = [
    "/rates", "/rates_initial", "/rates_orbits", "/model", BestDatasets.rates, BestDatasets.model,
  ]

  /// How matrices lie, for those who know another order.
  private static let layout =
    "dense weights are [input, output]: transpose for PyTorch's Linear; convolutions are [kernel_row, "
    + "kernel_column, input, output]: transpose (3, 2, 0, 1) for PyTorch's Conv2d"

  /// Adds descriptions to what a tree has.
  static func add(to tree: inout HDF5Tree, _ parameters: ParameterLayout) {
    for (path, meaning, unit) in meanings {
      if let dataset = tree[path] {
        tree[path] = dataset.described(meaning, unit: unit)
      } else if !tree.datasets(under: path).isEmpty {
        tree[group: path].attributes["long_name"] = .string(meaning)
        if let unit { tree[group: path].attributes["units"] = .string(unit) }
      }
    }
    tree[group: "/model"].attributes["layout"] = .string(layout)
    for group in parameterGroups {
      for (path, axes) in zip(parameters.paths, parameters.axes) where !axes.isEmpty {
        let place = "\(group)/\(path)"
        guard let rank = tree[place]?.shape.count else { continue }
        let before = rank > axes.count ? ["time"] : []
        guard before.count + axes.count == rank else { continue }
        tree[place]?.attributes["axes"] = .string(
          (before + axes.map(\.name)).joined(separator: ", "))
      }
    }
  }
}
