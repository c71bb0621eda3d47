import Foundation
import MetaLearning
import Reports
import Settings

/// The best of many layer factors, base · factor^index.
public struct TunedLayerFactorArm: AblationArm {
  /// What the exponent counts; nil for whichever is better, where the two differ.
  public var index: LayerIndex?

  /// The word for it.
  public static let word = "tunedLayerFactor"
  /// What the exponent counts; the search is that of all tuned arms.
  public static let schema = Schema<Self>(
    "the best of many bases and layer factors",
    Setting(
      "index", \.index, .optional(.word("an index")),
      "what the factor's exponent counts; none for whichever is better",
      isWritten: { $0.index != nil }))

  /// The best of many layer factors, by either index unless one is given.
  public init(index: LayerIndex? = nil) { self.index = index }

  /// A search of pairs for each index.
  public func expectedBudget<Task: LearningTask>(_ bench: ArmBench<Task>) -> Budget? {
    indices(bench).reduce(Budget()) { $0 + bench.expectedLayerFactor($1) }
  }

  private func indices<Task: LearningTask>(_ bench: ArmBench<Task>) -> [LayerIndex] {
    index.map { bench.has($0) ? [$0] : [] } ?? bench.layerIndices
  }

  /// The base and factor with the lowest validation loss; nil for a model of one tensor, or of one
  /// layer where layers are counted.
  public func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>? {
    let indices = indices(bench)
    let tunings = indices.map { (index: $0, tuning: bench.tunedLayerFactor($0)) }
    guard let (index, tuning) = tunings.min(by: { $0.tuning.best.score < $1.tuning.best.score })
    else { return nil }
    let (base, factor) = (tuning.best.values[0], tuning.best.values[1])
    return bench.choice(
      named: "tuned layer-factor" + (self.index.map { " by \($0.rawValue)" } ?? ""),
      LayerFactorText.text([base, factor], index),
      by: "at least \(bench.search.pairs) pairs, with exponents counted by "
        + indices.map(\.rawValue).joined(separator: " and by ") + ".",
      at: tunings.reduce(Budget()) { $0 + $1.tuning.budget }, .layerFactor(index: index),
      [base, log(factor)])
  }
}

extension ArmBench {
  /// The readings of a layer factor's exponent that differ from a uniform rate and from each other.
  var layerIndices: [LayerIndex] {
    let parameters = problem.parameters
    return LayerIndex.allCases.filter { index in
      has(index) && (index == .tensor || parameters.layers.count < parameters.count)
    }
  }

  /// Whether a layer factor with an exponent that counts these differs from a uniform rate.
  func has(_ index: LayerIndex) -> Bool {
    (index == .tensor ? problem.parameters.count : problem.parameters.layers.count) > 1
  }
}

/// A layer factor in words.
enum LayerFactorText {
  /// `0.4 · 0.5^tensor`.
  static func text(_ values: [Double], _ index: LayerIndex) -> String {
    "\(Format.number(values[0])) · \(Format.number(values[1]))^\(index.rawValue)"
  }
}
