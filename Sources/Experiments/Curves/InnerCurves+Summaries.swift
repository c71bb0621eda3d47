import MetaLearning
import Reports

extension InnerCurves {
  /// The mean loss over runs after every step at which it was taken, with the band of the middle
  /// 80 %. A run that diverged counts as the worst.
  package func evaluationSummaries() -> [Summary] {
    evaluatedSteps.indices.map { point in Summary(evaluationLosses.map { $0[point] }) }
  }

  /// The same of the training loss before each step.
  package func trainingSummaries() -> [Summary] {
    (0..<steps).map { step in Summary(trainingLosses.map { $0[step] }) }
  }
}
