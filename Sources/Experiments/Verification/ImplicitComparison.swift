import Configurations
import Foundation
import MetaLearning
import Reports
import TensorPrograms

/// dF/dλ of coupled weight decay by implicit differentiation, with both solvers, beside reverse
/// mode through the training that led to the weights.
package struct ImplicitComparison: Sendable {
  /// The table and what it is about.
  package let text: String

  /// Compares over the runs of one batch.
  ///
  /// - Throws: `RateError.unsupported` where the configuration has no such derivative.
  package init(
    _ configuration: RunConfiguration, _ solvers: ImplicitComparisonSettings
  ) throws {
    text = try ImplicitComparison.compare(
      configuration, try configuration.makeTask(),
      [
        (
          "conjugate gradients",
          .conjugateGradient(iterations: solvers.iterations, tolerance: solvers.tolerance)
        ), ("Neumann series", .neumann(terms: solvers.terms)),
      ])
  }

  private static func compare<Task: LearningTask>(
    _ configuration: RunConfiguration, _ task: Task, _ solvers: [(String, ImplicitSolver)]
  ) throws -> String {
    let setting = try HypergradientSetting(configuration, task)
    let batch = setting.batch(0)
    let problem = try setting.problem.planned(configuration.memory, for: batch)
    let point = try setting.initialPoint()
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    var rows: [[String]] = []
    var slope = Double.nan
    var lowest = Double.nan
    for (name, solver) in solvers {
      let implicit = try ImplicitHypergradient(problem, like: batch, solver: solver)
      let start = Timing.now
      let found = implicit(batch, at: point)
      rows.append([
        name, String(format: "%.8g", found.value),
        String(format: "%.1e", found.residuals.max() ?? .nan), Format.number(mean(found.products)),
        Format.number(Timing.now - start),
      ])
      slope = mean(found.slopes)
      if case .conjugateGradient = solver { lowest = found.curvatures.min() ?? .nan }
    }
    let reverse = ReverseHypergradient(problem, like: batch)
    let start = Timing.now
    let exact = reverse(batch, at: point)
    let total =
      zip(problem.step.scalars.names, exact.gradient.scalars)
      .first { $0.0.hasPrefix("coupled_weight_decay") }.map { $0.1.scalar } ?? .nan
    rows.append([
      "reverse, the whole run", String(format: "%.8g", total), "", "",
      Format.number(Timing.now - start),
    ])
    let table = Table(
      [
        .left("solver"), .right("dF/dλ"), .right("largest residual"), .right("products per run"),
        .right("seconds"),
      ], rows: rows)
    let meaning =
      lowest < 0
      ? "below 0: these weights are at no minimum; take more inner.steps or weight decay"
      : "above 0, as at a minimum"
    return table.text + """

      mean over \(configuration.outer.tasks) runs of \(configuration.inner.steps) steps; residuals \
      are relative
      gradient of the regularized training objective where runs end: \(Format.number(slope)) \
      (0 at a minimum)
      smallest curvature met: \(Format.number(lowest)) \
      (\(meaning))
      rates: \(ImplicitHypergradient<Task>.zeroForRates)
      """
  }
}
