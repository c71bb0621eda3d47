import MetaLearning
import Settings

// Sections of a file that set several properties of a configuration. Each is a view: what it says
// stands in the configuration itself.

/// The section `inner`.
private struct InnerSection: Configurable {
  var specification: InnerSpecification
  var scalars: CheckpointReference?

  static let schema = InnerSpecification.schema.lifted(\Self.specification).adding(
    Setting("scalars", \.scalars, .scalars, "where learnable numbers of the inner step start"))
}

/// The section `hypergradient`.
private struct HypergradientSection: Configurable {
  var estimator: any HypergradientEstimator
  var memory: MemorySpecification

  static let schema = Schema<Self>(
    "how hypergradients are computed",
    Setting("estimator", \.estimator, .kind(of: .estimators), "the way to hypergradients"),
    Setting("memory", \.memory, .memory, "what a reverse sweep keeps of the forward one"))
}

/// The section `outer`.
private struct OuterSection: Configurable {
  var specification: OuterSpecification
  var objective: ObjectiveSpecification

  static let schema = OuterSpecification.schema.lifted(\Self.specification).adding(
    Setting(
      "initialWeights", \.specification.initialWeights, .initialWeights,
      "where runs' initial weights come from"),
    Setting("objective", \.objective, .objective, "what is learned for"))
}

extension RunConfiguration {
  private var innerSection: InnerSection {
    get { InnerSection(specification: inner, scalars: initialScalars) }
    set { (inner, initialScalars) = (newValue.specification, newValue.scalars) }
  }

  private var hypergradientSection: HypergradientSection {
    get { HypergradientSection(estimator: outer.estimator, memory: memory) }
    set { (outer.estimator, memory) = (newValue.estimator, newValue.memory) }
  }

  private var outerSection: OuterSection {
    get { OuterSection(specification: outer, objective: objective) }
    set { (outer, objective) = (newValue.specification, newValue.objective) }
  }
}

extension RunConfiguration: Configurable {
  /// What nothing but a name and a task was written of, by default: the digits.
  package static let standard = RunConfiguration(name: "my-experiment", task: DigitsKind())

  /// All settings of a run.
  public static let schema = Schema<Self>(
    "an experiment",
    Setting(
      "name", \.name,
      .text(
        "up to 100 letters, digits, \"-\", \"_\" and \".\", as it names a folder",
        where: { $0.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}/) != nil }),
      "the experiment's name", mustBeWritten: true, expecting: "the experiment's name"),
    Setting(
      "claim", \.claim,
      .optional(.text("up to 1000 characters", where: { (1...1000).contains($0.count) })),
      "what the experiment is to show, for pages and notebooks; it decides nothing",
      isWritten: { $0.claim != nil }),
    Setting("task", \.task, .kind(of: .tasks), "what is learned", mustBeWritten: true),
    Setting(
      "model", \.model, .kind(of: .models), "what learns it", isWritten: { !$0.task.bringsItsModel }
    ),
    Setting("inner", \.innerSection, .section(standard.innerSection), "how weights are trained"),
    Setting(
      "evaluation", \.evaluation, .section(standard.evaluation),
      "how trained weights are evaluated",
      isWritten: { $0.evaluation != EvaluationSpecification() }),
    Setting("rates", \.rates, .section(standard.rates), "what the learning rates are"),
    Setting(
      "hypergradient", \.hypergradientSection, .section(standard.hypergradientSection),
      "how hypergradients are computed"),
    Setting("outer", \.outerSection, .section(standard.outerSection), "how rates are learned"),
    Setting(
      "checkpoint", \.checkpoint, .section(standard.checkpoint), "how often a run is saved"),
    Setting(
      "history", \.history, .section(standard.history),
      "how often the history gets a row, and whether TensorBoard shows it"),
    Setting("seed", \.seed, .seed, "what every random number follows from"),
    Setting("precision", \.precision, .word("a precision"), "the type that is computed in"),
    Setting(
      "testRuns", \.testRuns, .integer(2...100_000), unit: "runs",
      "test runs that a report compares the start and the learned state on"),
    Setting(
      "ablation", \.ablation, .section(standard.ablation), "how arms are chosen and compared")
  ).settling { configuration, written in
    configuration.task.settle(beside: configuration.model, written.within("task"))
    configuration.settleHorizon(written)
    if !written.contains("history.every") {
      configuration.history.every = HistoryConfiguration.every(
        of: configuration.outer.steps)
    }
  }.refusing { $0.conflict($1) }
}
