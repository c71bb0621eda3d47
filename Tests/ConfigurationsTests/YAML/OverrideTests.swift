import Configurations
import Experiments
import MetaLearning
import Settings
import TestSupport
import Testing

@Suite("Overrides")
struct OverrideTests {
  private func read(_ overrides: String...) throws -> RunConfiguration {
    try ResolvedConfiguration.parse(yaml: designExample, name: "run.yaml", overrides: overrides)
      .configuration
  }

  @Test("values of every type replace the file's")
  func replaces() throws {
    let read = try read(
      "inner.steps=50", "rates.parameterization=softplus", "outer.learn=[rates,initialWeights]",
      "seed=3", "rates.initial.rate=0.5", "model.hidden=[8]", "precision=double")
    #expect(read.inner.steps == 50)
    #expect(read.rates.parameterization == .softplus)
    #expect(read.outer.learning == .hypergradients([.rates, .initialWeights]))
    #expect(read.seed == 3)
    #expect(written(read.rates.initial) == written(UniformRates(rate: 0.5)))
    #expect(written(read.model) == written(PerceptronKind(hidden: [8], activation: .tanh)))
    #expect(read.precision == .double)
  }

  @Test("sections that the file lacks are made")
  func adds() throws {
    let read = try read("ablation.tuning.rates=7", "outer.validation.every=0")
    #expect(read.ablation.tuning.rates == 7)
    #expect(read.outer.validation == ValidationSpecification(every: 0))
    #expect(try shortConfiguration(overrides: ["outer.optimizer.rate=0.5"]).outer.rate == 0.5)
    #expect(try shortConfiguration("inner:", overrides: ["inner.steps=2"]).inner.steps == 2)
  }

  @Test("a kind replaces a mapping; a key below a word makes a mapping of it")
  func changesShorthands() throws {
    #expect(written(try read("inner.optimizer=adam").inner.optimizer) == written(Adam()))
    #expect(try read("rates.granularity=layer").rates.granularity == .layer)
    #expect(
      written(try read("inner.schedule=constant").inner.schedule) == written(ConstantSchedule()))
    let cosine = "inner: { schedule: cosine }"
    #expect(
      written(
        try shortConfiguration(cosine, overrides: ["inner.schedule.final=0.2"]).inner.schedule)
        == written(CosineSchedule(final: 0.2)))
    #expect(
      try read("rates.granularity=layerFactor", "rates.granularity.index=tensor")
        .rates.granularity == .layerFactor(index: .tensor))
    #expect(
      written(
        try shortConfiguration(
          task: "digits", overrides: ["task=table", "task.file=/x.h5", "task.test=0"]
        ).task) == written(TableKind(file: "/x.h5", test: 0)))
    #expect(
      written(try read("inner.clip.limit=3").inner.transformations)
        == written([GlobalNormClip(limit: 3)]))
  }

  @Test("the last of several wins, null returns to the default")
  func lastWins() throws {
    #expect(try read("seed=1", "seed=2").seed == 2)
    #expect(try read("inner.steps=null", "inner.clip=null").inner.transformations.isEmpty)
    let read = try read("task=noisyQuadratic", "model=null")
    #expect(written(read.task) == written(NoisyQuadraticKind()))
  }

  static let overrides = Refusal.table(
    """
    inner.steps=many
    → command line: inner.steps=many: found "many", expected a whole number from 1

    inner.steps=0
    → command line: inner.steps=0: found 0, expected a whole number from 1

    inner.stpes=50
    → command line: inner.stpes=50: found an unknown key, expected optimizer, steps, batch, clip, transformations, schedule, online or scalars; did you mean "steps"?

    outer.validation={kind: x}
    → command line: outer.validation={kind: x}: outer.validation.kind: found an unknown key, expected every, tasks, steps or exchange

    inner.steps
    → command line: inner.steps: found no "=", expected key=value; write for example inner.steps=50

    inner.steps=
    → command line: inner.steps=: found nothing after "=", expected a value; write null for the default

    inner..steps=5
    → command line: inner..steps=5: found the key "inner..steps", expected words joined by points; write for example inner.steps=50

    =5
    → command line: =5: found the key "", expected words joined by points; write for example inner.steps=50

    outer.learn=[rates
    → command line: outer.learn=[rates: found broken YAML: did not find expected ',' or ']' (while parsing a flow sequence from 1:1); check brackets, quotes, colons and indentation

    seed.more=1
    → command line: seed.more=1: seed: found 0 at run.yaml:14, expected a mapping with more

    name.more=1
    → command line: name.more=1: name: found a mapping, expected a text that is not empty

    model.hidden.first=1
    → command line: model.hidden.first=1: model.hidden: found a list at run.yaml:3, expected a mapping; give model.hidden=[…] as a whole

    inner.optimizer.kind=adam
    → run.yaml:5:32: inner.optimizer.momentum: found a key that optimizer adam does not have, expected kind, beta1, beta2, epsilon or epsilonRoot; give inner.optimizer=adam to replace the whole

    inner={ steps: 0 }
    → command line: inner={ steps: 0 }: inner.steps: found 0, expected a whole number from 1

    rates.initial=layerFactor
    → command line: rates.initial=layerFactor: rates.initial.factor: found nothing, expected a number above 0; add it

    task=noisyQuadratic
    → run.yaml:3:8: model: found a model, expected none: the task noisyQuadratic is its own; remove it, from the command line with model=null

    inner.clip.kind=norm
    → command line: inner.clip.kind=norm: found "norm", expected a clip: ‹clips›

    inner={ steps: 1, steps: 2 }
    → command line: inner={ steps: 1, steps: 2 }: inner.steps: found the key twice, expected it once; remove one
    """)

  @Test("an override is refused like a value of the file, by what was typed", arguments: overrides)
  func refusesOverrides(refusal: Refusal) {
    #expect(errorText(of: designExample, overrides: [refusal.found]) == refusal.message)
  }

  @Test("a file that is no mapping is refused where it stands")
  func leavesWrongFiles() {
    #expect(
      errorText(of: "[a]", overrides: ["seed=1"])?.hasPrefix("run.yaml:1:1: found a list") == true)
    #expect(errorText(of: "", overrides: ["name=a", "task=digits"]) == nil)
  }
}
