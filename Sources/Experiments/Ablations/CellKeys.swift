import Arms
import Configurations
import MetaLearning

extension RunConfiguration {
  /// What decides an arm's cell: all but names, and how often things are saved.
  func keyed(by arm: any AblationArm) -> RunConfiguration {
    var copy = self
    copy.ablation.arms = [ComparedArm(arm)]
    (copy.ablation.repetitions, copy.ablation.margin) = (1, nil)
    copy.ablation.factors = []
    copy.ablation.keepsRates = true
    return copy.withoutBookkeeping
  }

  /// What decides what is learned.
  var learningKey: String {
    var copy = withoutBookkeeping
    copy.ablation = AblationConfiguration(tuning: TuningConfiguration())
    return copy.canonicalJSON
  }

  /// What decides how rates fare that are given, on tuning seeds.
  var trainingKey: String {
    var copy = withoutBookkeeping
    copy.rates = RateSpecification()
    copy.memory = .policy(.segments)
    copy.ablation = AblationConfiguration(tuning: ablation.tuning)
    copy.outer = OuterSpecification()
    (copy.outer.learning, copy.outer.initialWeights) = (outer.learning, outer.initialWeights)
    copy.outer.validation.steps = outer.validation.steps
    return copy.canonicalJSON
  }

  private var withoutBookkeeping: RunConfiguration {
    var copy = self
    (copy.name, copy.claim) = ("cell", nil)
    copy.checkpoint = CheckpointConfiguration()
    copy.history = HistoryConfiguration()
    copy.testRuns = RunConfiguration.standard.testRuns
    return copy
  }
}
