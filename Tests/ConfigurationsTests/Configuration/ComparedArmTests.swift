import Arms
import Configurations
import Experiments
import MetaLearning
import Settings
import TestSupport
import Testing

@Suite("Arms as configurations")
struct ComparedArmTests {
  private func configuration(_ arms: String, _ more: String = "") throws -> RunConfiguration {
    try shortConfiguration(
      """
      inner: { optimizer: { kind: momentum, momentum: 0.5 }, steps: 7 }
      ablation: { arms: \(arms) }
      \(more)
      """)
  }

  private func own(_ configuration: RunConfiguration, _ arm: Int) throws -> RunConfiguration {
    try configuration.configuration(of: configuration.ablation.crossedArms[arm], in: .standard)
  }

  @Test("a mapping without kind changes the keys that it has, other values are replaced")
  func changes() throws {
    let base = try configuration(
      """
      [tunedUniform,
       { kind: learned, with: { inner: { optimizer: { momentum: 0.7 } }, rates.granularity: tensor } },
       { kind: learned, name: Adam, with: { inner.optimizer: { kind: adam, beta1: 0.8 } } }]
      """)
    #expect(try own(base, 0) == base)
    let first = try own(base, 1)
    #expect((first.inner.optimizer as? Momentum)?.momentum == 0.7 && first.inner.steps == 7)
    #expect(first.rates.granularity == .tensor)
    let second = try own(base, 2)
    #expect((second.inner.optimizer as? Adam)?.beta1 == 0.8)
    #expect(base.ablation.arms.map(\.name) == [nil, nil, "Adam"])
    // Two spellings of the same number are the same configuration.
    let spelled = try configuration(
      """
      [tunedUniform, { kind: learned, with: { inner.optimizer.momentum: 0.70, rates: { granularity: tensor } } },
       { kind: learned, name: Adam, with: { inner.optimizer: { kind: adam, beta1: 0.8 } } }]
      """)
    #expect(spelled == base)
    #expect(try RunConfiguration(json: base.canonicalJSON, in: .standard) == base)
  }

  @Test("standard arms set what they are about")
  func implied() throws {
    let base = try configuration("[tunedAdam, tunedCurvature, learned]")
    let adam = try own(base, 0)
    #expect(adam.inner.optimizer.word == "adam" && adam.inner.steps == 7)
    #expect(adam.rates.granularity == .global && adam.rates.parameterization == .direct)
    let curvature = try own(base, 1)
    #expect(curvature.rates.initial.word == "curvature" && curvature.rates.granularity == .tensor)
    #expect(curvature.inner.optimizer.word == "momentum")
  }

  @Test("factors cross with the arms that learn")
  func factors() throws {
    let base = try shortConfiguration(
      """
      ablation:
        arms: [tunedUniform, learned, { kind: learned, with: { rates.granularity: layer } }]
        factors: { outer.clip: [none, { kind: globalNorm, limit: 2 }], outer.tasks: [1, 2, 3] }
      """)
    let arms = base.ablation.crossedArms
    #expect(arms.count == 1 + 2 * 6)
    let settings = try arms.indices.map { try own(base, $0) }
    #expect(settings[1].outer.clip == nil && settings[1].outer.tasks == 1)
    #expect(settings[6].outer.clip != nil && settings[6].outer.tasks == 3)
    #expect(settings[12].rates.granularity == .layer && settings[12].outer.tasks == 3)
    #expect(arms[6].levels.shortText == "globalNorm limit 2, tasks 3" && arms[0].levels.isEmpty)
    #expect(try RunConfiguration(json: base.canonicalJSON, in: .standard) == base)
  }

  @Test(
    "what cannot be is refused before anything is computed",
    arguments: [
      ("[tunedUniform, { kind: learned, with: { seed: 3 } }]", "a setting that all arms share"),
      ("[tunedUniform, { kind: learned, with: { task.test: 0.5 } }]", "that all arms share"),
      ("[tunedUniform, { kind: learned, with: { inner.stepz: 3 } }]", "inner.stepz"),
      ("[tunedUniform, { kind: learned, with: { inner.steps: 3 } }]", "runs of 3 steps beside 7"),
      ("[tunedUniform, { kind: learned, with: { outer.objective: mean } }]", "another objective"),
      ("[tunedUniform, { kind: learned, with: 3 }]", "a mapping from keys to values"),
      ("[tunedUniform, { kind: tuned }]", "over: found nothing"),
      ("[tunedUniform, { kind: tuned, over: { rates.initial.rat: [1] } }]", "rates.initial.rat"),
      ("[tunedUniform, { kind: tuned, over: { rates.initial.rate: [1, x] } }]", "found \"x\""),
      (
        "[tunedUniform, { kind: tuned, over: { rates.initial.rate: log(2..1) } }]",
        "ends in ascending order"
      ),
      (
        "[tunedUniform, { kind: tuned, over: { rates.initial.rate: { from: 1 } } }]",
        "found a mapping, expected a list of values, or a range such as log(0.01..3)"
      ),
      (
        "[tunedUniform, { kind: tuned, over: { rates.initial.rate: logarithmic(1..2) } }]",
        "expected a range by linear, log, integer or logInteger"
      ),
      (
        "[tunedUniform, { kind: tuned, over: { model.hidden: [[2], [3]] } }]",
        "a search over what is trained"
      ),
      ("[tunedUniform, { kind: tuned, over: { seed: [2, 3] } }]", "that all arms share"),
      ("[tunedUniform, tunedUniform]", "twice"),
      (
        "[{ kind: tunedUniform, name: a }, { kind: learned, name: a }]",
        "found two arms by the name \"a\""
      ),
      ("[tunedUniform, { kind: learned, name: \"a\\nb\" }]", "a text of one line"),
      (
        "[tunedUniform, { kind: tuned, over: { inner.steps: [20, 40] } }]",
        "candidates that are not evaluated alike"
      ),
      (
        "[tunedUniform, { kind: tuned, over: { outer.objective: [final, mean] } }]",
        "candidates that are not evaluated alike"
      ),
      (
        "[tunedUniform, { kind: tuned, over: { inner.batch: log(8..256) } }]", "a whole number"
      ),
      (
        "[tunedUniform, { kind: tuned, over: { inner.batch: linear(1..1000) } }]", "a whole number"
      ),
      ("[tunedUniform]", "two or more"),
    ])
  func refused(_ arms: String, _ message: String) {
    let error = #expect(throws: ConfigurationError.self) { try configuration(arms) }
    #expect(error.map { "\($0)".contains(message) } == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test(
    "factors that cannot be are refused",
    arguments: [
      ("[tunedUniform, tunedAdam]", "{ outer.tasks: [1, 2] }", "none learns"),
      ("[tunedUniform, learned]", "{ outer.tasks: 1 }", "a list of two"),
      ("[tunedUniform, learned]", "{ outer.tusks: [1, 2] }", "outer.tusks"),
      ("[tunedUniform, learned]", "{ inner.steps: [7, 8] }", "as many steps"),
      ("[tunedUniform, learned]", "{ seed: [7, 8] }", "that all arms share"),
    ])
  func refusedFactors(_ arms: String, _ factors: String, _ message: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try shortConfiguration(
        "inner: { steps: 7 }\nablation: { arms: \(arms), factors: \(factors) }")
    }
    #expect(error.map { "\($0)".contains(message) } == true, "\(error.map { "\($0)" } ?? "")")
  }

  @Test("errors in an arm stand where the value was written")
  func places() {
    let error = #expect(throws: ConfigurationError.self) {
      try shortConfiguration(
        "ablation:\n  arms:\n    - tunedUniform\n    - { kind: learned, with: { outer.tasks: 0 } }")
    }
    #expect(error?.location == .file("run.yaml", line: 6, column: 45))
  }

  @Test("initial rates that no arm begins with are refused, others are not")
  func initialRates() throws {
    func check(_ arms: String, _ initial: String) throws {
      try ResolvedConfiguration.parse(
        yaml: "name: a\ntask: digits\nrates: { initial: \(initial) }\nablation: { arms: \(arms) }",
        name: "run.yaml"
      ).requireInitialRatesRead()
    }
    let other = "{ kind: uniform, rate: 0.05 }"
    #expect(throws: ConfigurationError.self) { try check("[tunedUniform, learned]", other) }
    try check("[tunedUniform, learned]", "{ kind: uniform, rate: 0.1 }")
    try check("[tunedUniform, asWritten]", other)
    try check("[tunedUniform, { kind: learned, start: asWritten }]", other)
  }
}
