import Arms
import Configurations
import Experiments
import MetaLearning
import Settings
import Testing

@Suite("Canonical text")
struct CanonicalTests {
  /// Every rate specification, with the other parts taken in turn.
  static let many: [RunConfiguration] = {
    let tasks: [any TaskKind] = [
      DigitsKind(validation: 0.1, test: 0.2), NoisyQuadraticKind(noise: 0),
      SinusoidKind(support: 3, query: 7), NoisyQuadraticKind(expectation: true),
      TrackingKind(inputs: 9, relevant: 2, interval: 3),
      TeacherKind(inputs: 2, outputs: 3, noise: 0, query: 5, teacherHidden: [], teacher: .fresh),
      TeacherKind(teacherHidden: [4, 5], teacher: .fixed(seed: .max)),
      TableKind(file: "/data/a b: \"c\"\\\u{2028}\u{7F}é\n😀.h5", loss: .meanSquaredError),
      TableKind(file: "no"), TableKind(file: "1e3"), FewShotKind(files: ["a.zip", "1e3"]),
    ]
    let granularities: [Granularity] = [
      .global, .layerFactor(index: .layer), .layerFactor(index: .tensor), .layer, .tensor,
      .outputUnit,
      .parameter,
    ]
    let times: [RateTime] = [.constant, .window(7), .step]
    let rates = granularities.flatMap { granularity in
      times.flatMap { time in
        [
          RateSpecification(granularity: granularity, time: time),
          RateSpecification(
            granularity: granularity, time: time, parameterization: .direct,
            initial: UniformRates(rate: -1e-17)),
          RateSpecification(
            granularity: granularity, time: time, parameterization: .softplus,
            initial: LayerFactorRates(base: 1.0 / 3, factor: 0.1)),
          RateSpecification(
            granularity: granularity, time: time, parameterization: .sigmoid(maximum: 1e20),
            initial: UniformRates(rate: 12_345_678.9)),
        ]
      }
    }
    let inners = [
      InnerSpecification(),
      InnerSpecification(
        optimizer: Momentum(momentum: 0), steps: 1, batch: 1,
        transformations: [GlobalNormClip(limit: 1), GlobalNormClip(limit: 0.1)],
        schedule: SequenceSchedule([
          .init(WarmupSchedule(steps: 2), steps: 3), .init(ExponentialSchedule(decay: 0.9)),
        ])),
      InnerSpecification(
        optimizer: LAMB(weightDecay: 0.5),
        transformations: [
          CoupledWeightDecay(rate: 0.1), GradientNormalization(), TensorNormClip(limit: 2),
        ],
        schedule: StepSchedule(every: 3, factor: 0.7)),
      InnerSpecification(
        optimizer: Adam(
          beta1: 0.1, beta2: 0.2, epsilon: 0, epsilonRoot: 1e-300),
        online: OnlineSpecification(.multiplicative, metaRate: 0, floor: 1e-9)),
    ]
    func inner(_ index: Int, for task: any TaskKind) -> InnerSpecification {
      switch task {
      // Some tasks are trained in their own way.
      case is NoisyQuadraticKind: InnerSpecification(steps: 3)
      case is TrackingKind: InnerSpecification(online: OnlineSpecification(.idbd, metaRate: 0.02))
      default: inners[index % inners.count]
      }
    }
    let outers = [
      OuterSpecification(),
      OuterSpecification(
        optimizer: Momentum(), rate: 1e-9, schedule: CosineSchedule(final: 0.5),
        learning: .hypergradients([.initialWeights, .rates]), initialWeights: .fixed,
        clip: GlobalNormClip(limit: 5), horizon: .growing(from: 1, every: 3), frozenSteps: 4,
        validation: ValidationSpecification(every: 0, tasks: 2, steps: 7)),
      OuterSpecification(
        optimizer: RMSprop(), learning: .hypergradients([.rates, .optimizerScalars]),
        estimator: TruncatedEstimator(window: 3),
        initialWeights: .given(source: "/runs/best.h5", state: .last),
        horizon: .random(lowest: 1), patience: 5),
    ]
    let objectives: [ObjectiveSpecification] = [.final, .mean, .training]
    let intervals: [CheckpointConfiguration.Interval] = [
      .seconds(30), .steps(1), .steps(7), .seconds(0.5),
    ]
    let scalars: [CheckpointReference?] = [
      nil, CheckpointReference(file: "/runs/a b.h5"),
      CheckpointReference(file: "/c.h5", state: .last),
    ]
    let memories: [MemorySpecification] = [
      .policy(.storeAll), .policy(.everyStep), .policy(.segments),
      .policy(.binomial(snapshots: 64)), .limit(bytes: 2 << 30), .limit(bytes: 1_000_001),
    ]
    let models: [any ModelKind] = [
      PerceptronKind(), PerceptronKind(hidden: []),
      PerceptronKind(hidden: [1, 2, 3], activation: .gelu, normalization: .layer),
    ]
    return rates.enumerated().map { index, rates in
      // Tasks that are their own model have no use for some objectives.
      let task = tasks[(index + index / 6) % tasks.count]
      let outer = task.bringsItsModel ? index % 2 * 2 : (index / 3) % outers.count
      return RunConfiguration(
        name: "n-\(index)", task: task,
        model: task.bringsItsModel ? PerceptronKind() : models[(index / 2) % models.count],
        inner: inner(index, for: task), initialScalars: scalars[index % scalars.count],
        rates: rates,
        memory: memories[(index / 3) % memories.count],
        outer: outers[outer],
        objective: objectives[outer],
        checkpoint: CheckpointConfiguration(every: intervals[index % intervals.count]),
        seed: index == 0 ? .max : UInt64(index), precision: index % 2 == 0 ? .single : .double,
        ablation: AblationConfiguration(
          seeds: 3, tuning: TuningConfiguration(lowest: 1e-5, pairs: 2)))
    }
  }()

  @Test("reads as the configuration that was written, as YAML and as JSON")
  func roundTrips() throws {
    #expect(CanonicalTests.many.count == 84)
    for configuration in CanonicalTests.many {
      let yaml = try ResolvedConfiguration.parse(
        yaml: configuration.canonicalYAML, name: "canonical.yaml")
      #expect(yaml.configuration == configuration)
      #expect(yaml.configuration.canonicalYAML == configuration.canonicalYAML)
      let json = try RunConfiguration(json: configuration.canonicalJSON, in: .standard)
      #expect(json == configuration)
      #expect(json.canonicalJSON == configuration.canonicalJSON)
      #expect(!configuration.canonicalJSON.contains("\n"))
    }
  }

  @Test("different configurations have different text")
  func differs() {
    #expect(
      Set(CanonicalTests.many.map(\.canonicalJSON)).count == CanonicalTests.many.count)
  }

  @Test("is the design's example with its defaults spelled out")
  func spellsExample() throws {
    let read = try ResolvedConfiguration.parse(yaml: designExample, name: "run.yaml").configuration
    #expect(
      read.canonicalYAML == """
        name: digits-learned-rates
        task: { kind: digits, validation: 0.25, test: 0.25, splitSeed: 0 }
        model: { kind: mlp, hidden: [64, 64], activation: tanh, normalization: none }
        inner:
          optimizer: { kind: momentum, momentum: 0.9 }
          steps: 100
          batch: 64
          clip: [{ kind: globalNorm, limit: 1.0 }]
          schedule: { kind: cosine, final: 0.1 }
          online: none
          scalars: specified
        rates:
          granularity: parameter
          time: constant
          parameterization: log
          initial: { kind: uniform, rate: 0.3 }
        hypergradient:
          estimator: reverse
          memory: segments
        outer:
          optimizer: { kind: adam, rate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1.0e-08, epsilonRoot: 0.0 }
          schedule: constant
          steps: 200
          learn: [rates]
          tasks: 8
          cadence: restarted
          horizon: fixed
          freeze: 0
          patience: none
          clip: none
          validation:
            every: 10
            tasks: 8
            steps: none
          initialWeights: fresh
          objective: final
        checkpoint:
          every: 1
        history:
          every: 1
        seed: 0
        precision: single
        testRuns: 20
        ablation:
          repetitions: 5
          seeds: 20
          arms: [tunedUniform, tunedLayerFactor, learned]
          margin: none
          tuning:
            seeds: 5
            rates: 14
            lowest: 0.01
            highest: 3.0
            pairs: 40
            lowestFactor: 0.25
            highestFactor: 4.0

        """)
    #expect(
      read.canonicalJSON == """
        {"ablation":{"arms":["tunedUniform","tunedLayerFactor","learned"],"margin":"none","repetitions":5,"seeds":20,"tuning":{"highest":3.0,"highestFactor":4.0,"lowest":0.01,"lowestFactor":0.25,"pairs":40,"rates":14,"seeds":5}},"checkpoint":{"every":1},"history":{"every":1},"hypergradient":{"estimator":"reverse","memory":"segments"},"inner":{"batch":64,"clip":[{"kind":"globalNorm","limit":1.0}],"online":"none","optimizer":{"kind":"momentum","momentum":0.9},"scalars":"specified","schedule":{"final":0.1,"kind":"cosine"},"steps":100},"model":{"activation":"tanh","hidden":[64,64],"kind":"mlp","normalization":"none"},"name":"digits-learned-rates","outer":{"cadence":"restarted","clip":"none","freeze":0,"horizon":"fixed","initialWeights":"fresh","learn":["rates"],"objective":"final","optimizer":{"beta1":0.9,"beta2":0.999,"epsilon":1.0e-08,"epsilonRoot":0.0,"kind":"adam","rate":0.02},"patience":"none","schedule":"constant","steps":200,"tasks":8,"validation":{"every":10,"steps":"none","tasks":8}},"precision":"single","rates":{"granularity":"parameter","initial":{"kind":"uniform","rate":0.3},"parameterization":"log","time":"constant"},"seed":0,"task":{"kind":"digits","splitSeed":0,"test":0.25,"validation":0.25},"testRuns":20}
        """)
  }

  @Test("damaged JSON of a checkpoint is refused like a file")
  func refusesJSON() {
    func refusal(_ json: String) -> String? {
      do {
        _ = try RunConfiguration(json: json, in: .standard)
        return nil
      } catch {
        return error.description
      }
    }
    #expect(
      refusal("{\"name\":\"a\",\"task\":\"digits\",\"seeed\":3}")
        == "checkpoint:1:29: seeed: found an unknown key, expected name, claim, task, model, inner, "
        + "evaluation, rates, hypergradient, outer, checkpoint, history, seed, precision, testRuns or ablation; did you mean "
        + "\"seed\"?")
    #expect(
      refusal("{\"name\":\"a\",\"task\":\"digits\"")
        == "checkpoint:2:1: found broken YAML: did not find expected ',' or '}' (while parsing a "
        + "flow mapping from 1:1); check brackets, quotes, colons and indentation")
  }
}
