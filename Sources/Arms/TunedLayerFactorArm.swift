import Foundation
import MetaLearning
import Reports
import Settings

/// The best of many layer factors, base · factor^index, in each reading of the index that differs
/// from a uniform rate and from the other.
public struct TunedLayerFactorArm: AblationArm {
  /// The word for it.
  public static let word = "tunedLayerFactor"
  /// No settings: the search is that of all tuned arms.
  public static let schema = Schema<Self>("the best of many bases and layer factors")

  /// The best of many layer factors.
  public init() {}

  /// The base and factor with the lowest validation loss; nil for a model of one tensor.
  public func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>? {
    let parameters = bench.problem.parameters
    let (tensors, layers) = (parameters.count, parameters.layers.count)
    let indices: [LayerIndex] =
      (tensors > 1 ? [.tensor] : []) + (layers > 1 && layers < tensors ? [.layer] : [])
    if !indices.isEmpty { bench.progress("tuning layer factors") }
    let tunings = indices.map {
      (
        index: $0,
        tuning: Tuning.pairs(bench, .layerFactor(index: $0)) { [$0, log($1)] }
      )
    }
    guard let (index, tuning) = tunings.min(by: { $0.tuning.best.score < $1.tuning.best.score })
    else { return nil }
    let (base, factor) = (tuning.best.values[0], tuning.best.values[1])
    let text = "\(Format.number(base)) · \(Format.number(factor))^\(index.rawValue)"
    bench.progress("tuned layer factor \(text)")
    return bench.choice(
      named: "tuned layer-factor", text,
      by: "Layer factor: at least \(bench.search.pairs) pairs, with exponents counted by "
        + indices.map(\.rawValue).joined(separator: " and by ") + ".",
      at: tunings.reduce(Budget()) { $0 + $1.tuning.budget }, .layerFactor(index: index),
      [base, log(factor)])
  }
}
