import MetaLearning
import Reports

/// The evaluation losses of training runs on their way, in few numbers.
package struct CurveSummary: Codable, Sendable, Equatable {
  /// After how many steps they were taken: 0 first, all of them last.
  package let steps: [Int]
  /// The mean over runs; nil where one has diverged.
  private let means: [Double?]
  private let lows: [Double?]
  private let highs: [Double?]

  init(_ curves: InnerCurves) {
    let summaries = curves.evaluationSummaries()
    func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
    steps = curves.evaluatedSteps
    means = summaries.map { finite($0.mean) }
    lows = summaries.map { finite($0.quantile(CurveFiles.levels.low)) }
    highs = summaries.map { finite($0.quantile(CurveFiles.levels.high)) }
  }

  /// The mean over runs, +∞ where one has diverged.
  package var mean: [Double] { means.map { $0 ?? .infinity } }
  /// The lower edge of the band of the middle 80 % of runs.
  package var low: [Double] { lows.map { $0 ?? .infinity } }
  /// The upper edge.
  package var high: [Double] { highs.map { $0 ?? .infinity } }

}
