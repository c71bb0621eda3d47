import Configurations
import Experiments
import Foundation
import MetaLearning
import Settings
import TestSupport
import Testing

@Suite("Reading configurations")
struct ReadingTests {
  @Test("the design's example is read as it is")
  func readsExample() throws {
    let resolved = try ResolvedConfiguration.parse(yaml: designExample, name: "digits.yaml")
    let expected = RunConfiguration(
      name: "digits-learned-rates", task: DigitsKind(validation: 0.25, test: 0.25),
      model: PerceptronKind(hidden: [64, 64], activation: .tanh),
      inner: InnerSpecification(
        optimizer: Momentum(momentum: 0.9), steps: 100, batch: 64,
        transformations: [GlobalNormClip(limit: 1)], schedule: CosineSchedule(final: 0.1)),
      rates: RateSpecification(
        granularity: .parameter, time: .constant, parameterization: .log,
        initial: UniformRates(rate: 0.3)),
      memory: .policy(.segments),
      outer: OuterSpecification(
        optimizer: Adam(), rate: 0.02, steps: 200, learning: .hypergradients([.rates]),
        estimator: ReverseEstimator(), tasks: 8, initialWeights: .fresh),
      objective: .final, checkpoint: CheckpointConfiguration(every: .steps(1)), seed: 0,
      precision: .single)
    #expect(resolved.configuration == expected)
  }

  @Test("a name and a task are enough, and bring the documented defaults")
  func readsDefaults() throws {
    let read = try shortConfiguration()
    #expect(read == RunConfiguration(name: "a", task: DigitsKind()))
    #expect(read.ablation.seeds == 20)
    #expect(read.ablation.tuning.rates == 14)
    #expect(read.memory == .policy(.segments))
    #expect(read.checkpoint.every == .seconds(30))
  }

  @Test("checkpoints are states to start from, the best unless said otherwise")
  func readsCheckpoints() throws {
    let file = "{ kind: checkpoint, file: a.h5 }"
    let last = "{ kind: checkpoint, file: a.h5, state: last }"
    let best = try shortConfiguration(
      "rates: { initial: \(file) }\nouter: { initialWeights: \(file) }\ninner: { scalars: \(file) }"
    )
    #expect(written(best.rates.initial) == written(CheckpointRates(file: "a.h5")))
    #expect(best.outer.initialWeights == .given(source: "a.h5", state: .best))
    #expect(best.initialScalars == CheckpointReference(file: "a.h5", state: .best))
    let other = try shortConfiguration(
      "rates: { initial: \(last) }\nouter: { initialWeights: \(last) }\ninner: { scalars: \(last) }"
    )
    #expect(written(other.rates.initial) == written(CheckpointRates(file: "a.h5", state: .last)))
    #expect(other.outer.initialWeights == .given(source: "a.h5", state: .last))
    #expect(other.initialScalars == CheckpointReference(file: "a.h5", state: .last))
    #expect(try shortConfiguration("inner: { scalars: specified }").initialScalars == nil)
  }

  @Test("paths of files become absolute where that is asked for, and stay as they are elsewhere")
  func absolutePaths() throws {
    let file = "{ kind: checkpoint, file: a.h5 }"
    let yaml = """
      name: a
      task: { kind: table, file: b/c.h5 }
      rates: { initial: \(file) }
      outer: { initialWeights: \(file) }
      inner: { scalars: \(file) }
      """
    for isAbsolute in [true, false] {
      let read = try ResolvedConfiguration.parse(
        yaml: yaml, name: "a.yaml", in: .standard, paths: isAbsolute ? .absolute : .asWritten
      ).configuration
      let prefix = isAbsolute ? FileManager.default.currentDirectoryPath + "/" : ""
      #expect(written(read.task).contains("file: \(prefix)b/c.h5"))
      #expect(written(read.rates.initial) == written(CheckpointRates(file: prefix + "a.h5")))
      #expect(read.outer.initialWeights == .given(source: prefix + "a.h5", state: .best))
      #expect(read.initialScalars?.file == prefix + "a.h5")
    }
  }

  @Test("saving is counted in outer steps or in seconds")
  func readsIntervals() throws {
    #expect(try shortConfiguration("checkpoint: { every: 5 }").checkpoint.every == .steps(5))
    #expect(
      try shortConfiguration("checkpoint: { every: { seconds: 2.5 } }").checkpoint.every
        == .seconds(2.5))
    #expect(
      try shortConfiguration(overrides: ["checkpoint.every.seconds=9"]).checkpoint.every
        == .seconds(9))
  }

  @Test(
    "every task is read",
    arguments: [
      ("digits", DigitsKind(validation: 0.25, test: 0.25)),
      ("{ kind: digits, test: 0 }", DigitsKind(validation: 0.25, test: 0)),
      ("sinusoid", SinusoidKind(support: 10, query: 10)),
      ("{ kind: sinusoid, support: 5, query: 3 }", SinusoidKind(support: 5, query: 3)),
      ("noisyQuadratic", NoisyQuadraticKind(dimensions: 10, lowest: 0.01, highest: 1, noise: 1)),
      (
        "{ kind: noisyQuadratic, dimensions: 1, lowest: 2, highest: 2, noise: 0 }",
        NoisyQuadraticKind(dimensions: 1, lowest: 2, highest: 2, noise: 0)
      ),
      ("{ kind: noisyQuadratic, expectation: true }", NoisyQuadraticKind(expectation: true)),
      ("tracking", TrackingKind(inputs: 20, relevant: 5, interval: 20)),
      (
        "{ kind: tracking, inputs: 3, interval: 7 }",
        TrackingKind(inputs: 3, relevant: 3, interval: 7)
      ),
      ("teacher", TeacherKind(inputs: 10, outputs: 1, noise: 0.1, query: 256)),
      (
        "{ kind: teacher, inputs: 3, outputs: 2, noise: 0, query: 9, teacherHidden: [], teacher: fixed }",
        TeacherKind(
          inputs: 3, outputs: 2, noise: 0, query: 9, teacherHidden: [], teacher: .fixed(seed: 0))
      ),
      (
        "{ kind: teacher, teacherHidden: [7], teacher: { kind: fixed, seed: 18446744073709551615 } }",
        TeacherKind(teacherHidden: [7], teacher: .fixed(seed: .max))
      ),
      (
        "{ kind: table, file: data/x.h5 }",
        TableKind(file: "data/x.h5", validation: 0.25, test: 0.25, loss: .crossEntropy)
      ),
      (
        "{ kind: table, file: \"a b.h5\", validation: .5, loss: meanSquaredError }",
        TableKind(file: "a b.h5", validation: 0.5, test: 0.25, loss: .meanSquaredError)
      ),
    ] as [(String, any TaskKind)])
  func readsTask(text: String, task: any TaskKind) throws {
    #expect(written(try shortConfiguration(task: text).task) == written(task))
  }

  @Test(
    "every rate specification is read",
    arguments: [
      ("granularity: layer", RateSpecification(granularity: .layer)),
      ("granularity: { kind: row }", RateSpecification(granularity: .outputUnit)),
      ("granularity: layerFactor", RateSpecification(granularity: .layerFactor(index: .layer))),
      (
        "granularity: { kind: layerFactor, index: tensor }",
        RateSpecification(granularity: .layerFactor(index: .tensor))
      ),
      ("time: step", RateSpecification(time: .step)),
      ("time: { kind: window, steps: 5 }", RateSpecification(time: .window(5))),
      (
        "parameterization: { kind: sigmoid, maximum: 2 }",
        RateSpecification(parameterization: .sigmoid(maximum: 2))
      ),
      ("parameterization: softplus", RateSpecification(parameterization: .softplus)),
      (
        "parameterization: direct\n  initial: { rate: -0.5 }",
        RateSpecification(parameterization: .direct, initial: UniformRates(rate: -0.5))
      ),
      (
        "initial: { kind: layerFactor, base: 0.2, factor: 1.5 }",
        RateSpecification(initial: LayerFactorRates(base: 0.2, factor: 1.5))
      ),
    ])
  func readsRates(text: String, rates: RateSpecification) throws {
    #expect(try shortConfiguration("rates:\n  \(text)\n").rates.node == rates.node)
  }

  @Test("clips are one, several or none")
  func readsClips() throws {
    func clips(_ text: String) throws -> [String] {
      written(try shortConfiguration("inner: { clip: \(text) }").inner.transformations)
    }
    #expect(try clips("[]") == [])
    #expect(try clips("{ kind: globalNorm, limit: 2 }") == written([GlobalNormClip(limit: 2)]))
    #expect(
      try clips("[{ kind: globalNorm, limit: 2 }, { kind: globalNorm, limit: 1 }]")
        == written([GlobalNormClip(limit: 2), GlobalNormClip(limit: 1)]))
  }

  @Test("rates adapt by a rule or not at all")
  func readsOnline() throws {
    func online(_ text: String, task: String = "digits") throws -> OnlineSpecification? {
      try shortConfiguration("inner: { \(text) }", task: task).inner.online
    }
    #expect(try online("steps: 3") == nil)
    #expect(try online("online: {}") == OnlineSpecification(.additive))
    #expect(
      try online("online: { rule: multiplicative, metaRate: 0.5, floor: 1e-4 }")
        == OnlineSpecification(.multiplicative, metaRate: 0.5, floor: 1e-4))
    #expect(
      try online("online: { rule: idbd, metaRate: 0.02 }", task: "tracking")
        == OnlineSpecification(.idbd, metaRate: 0.02))
  }

  @Test("whole numbers serve as numbers, seeds have 64 bits, quoted words are words")
  func readsScalars() throws {
    let read = try shortConfiguration(
      """
      seed: 18446744073709551615
      precision: 'double'
      inner: { optimizer: { kind: "adam", beta1: 0, epsilon: 1e-3, epsilonRoot: +.5 } }
      outer: { optimizer: { rate: 1 }, learn: initialWeights, validation: { every: 0 } }
      """)
    #expect(read.seed == .max)
    #expect(read.precision == .double)
    #expect(
      written(read.inner.optimizer)
        == written(Adam(beta1: 0, epsilon: 1e-3, epsilonRoot: 0.5)))
    #expect(read.outer.rate == 1)
    #expect(read.outer.learning == .hypergradients([.initialWeights]))
    #expect(read.outer.validation.every == 0)
  }

  @Test("anchors and aliases stand for their values")
  func readsAliases() throws {
    let read = try shortConfiguration("inner: { steps: &n 7 }\nouter: { steps: *n }")
    #expect(read.inner.steps == 7)
    #expect(read.outer.steps == 7)
  }

  @Test("a history has two hundred rows at equal distances, or what is written")
  func historyCadence() throws {
    func every(_ text: String) throws -> Int {
      try ResolvedConfiguration.parse(
        yaml: "name: a\ntask: digits\n" + text, name: "run.yaml"
      ).configuration.history.every
    }
    #expect(try every("outer: { steps: 200 }") == 1)
    #expect(try every("outer: { steps: 399 }") == 1)
    #expect(try every("outer: { steps: 10000 }") == 50)
    #expect(try every("outer: { steps: 10000 }\nhistory: { every: 3 }") == 3)
  }
}
