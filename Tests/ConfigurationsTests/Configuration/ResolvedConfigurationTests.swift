import Configurations
import Experiments
import Foundation
import MetaLearning
import Settings
import Testing

@Suite("Sources of values")
struct ResolvedConfigurationTests {
  private func sources(
    _ yaml: String, _ overrides: [String] = []
  ) throws -> [String: String] {
    let resolved = try ResolvedConfiguration.parse(
      yaml: yaml, name: "run.yaml", overrides: overrides)
    return Dictionary(
      uniqueKeysWithValues: resolved.entries.map { ($0.path, "\($0.value) from \($0.source)") })
  }

  @Test("every value is listed with who gave it")
  func listsExample() throws {
    let resolved = try ResolvedConfiguration.parse(
      yaml: designExample, name: "run.yaml",
      overrides: ["inner.steps=50", "outer.validation.every=5"])
    let text = resolved.entries.map { "\($0.path) | \($0.value) | \($0.source)" }
    #expect(
      text.joined(separator: "\n") == """
        name | digits-learned-rates | run.yaml:1
        task.kind | digits | run.yaml:2
        task.validation | 0.25 | run.yaml:2
        task.test | 0.25 | run.yaml:2
        task.splitSeed | 0 | default
        model.kind | mlp | run.yaml:3
        model.hidden | [64, 64] | run.yaml:3
        model.activation | tanh | run.yaml:3
        model.normalization | none | default
        inner.optimizer.kind | momentum | run.yaml:5
        inner.optimizer.momentum | 0.9 | run.yaml:5
        inner.steps | 50 | command line
        inner.batch | 64 | run.yaml:7
        inner.clip[0].kind | globalNorm | run.yaml:8
        inner.clip[0].limit | 1.0 | run.yaml:8
        inner.schedule.kind | cosine | run.yaml:9
        inner.schedule.final | 0.1 | run.yaml:9
        inner.online | none | default
        inner.scalars | specified | default
        rates.granularity | parameter | run.yaml:10
        rates.time | constant | run.yaml:10
        rates.parameterization | log | run.yaml:10
        rates.initial.kind | uniform | run.yaml:10
        rates.initial.rate | 0.3 | run.yaml:10
        hypergradient.estimator | reverse | run.yaml:11
        hypergradient.memory | segments | run.yaml:11
        outer.optimizer.kind | adam | run.yaml:12
        outer.optimizer.rate | 0.02 | run.yaml:12
        outer.optimizer.beta1 | 0.9 | default
        outer.optimizer.beta2 | 0.999 | default
        outer.optimizer.epsilon | 1.0e-08 | default
        outer.optimizer.epsilonRoot | 0.0 | default
        outer.schedule | constant | default
        outer.steps | 200 | run.yaml:12
        outer.learn | [rates] | run.yaml:12
        outer.tasks | 8 | run.yaml:12
        outer.cadence | restarted | default
        outer.horizon | fixed | default
        outer.freeze | 0 | default
        outer.patience | none | default
        outer.clip | none | default
        outer.validation.every | 5 | command line
        outer.validation.tasks | 8 | default
        outer.validation.steps | none | default
        outer.initialWeights | fresh | run.yaml:12
        outer.objective | final | run.yaml:12
        checkpoint.every | 1 | run.yaml:13
        history.every | 1 | default
        seed | 0 | run.yaml:14
        precision | single | run.yaml:15
        testRuns | 20 | default
        ablation.repetitions | 5 | default
        ablation.seeds | 20 | default
        ablation.arms | [tunedUniform, tunedLayerFactor, learned] | default
        ablation.margin | none | default
        ablation.tuning.seeds | 5 | default
        ablation.tuning.rates | 14 | default
        ablation.tuning.lowest | 0.01 | default
        ablation.tuning.highest | 3.0 | default
        ablation.tuning.pairs | 40 | default
        ablation.tuning.lowestFactor | 0.25 | default
        ablation.tuning.highestFactor | 4.0 | default
        """)
  }

  @Test("a word, a list of one and a kind in braces are found where they stand")
  func findsShorthands() throws {
    let found = try sources(
      """
      name: a
      task: sinusoid
      inner:
        clip:
          kind: globalNorm
          limit: 2
        schedule: cosine
      rates:
        granularity: { kind: layer }
        initial:
          rate: 0.2
      outer:
        learn: rates
      """, ["inner.schedule.final=0.5", "rates.time=step"])
    #expect(found["task.kind"] == "sinusoid from run.yaml:2")
    #expect(found["task.support"] == "10 from default")
    #expect(found["inner.clip[0].kind"] == "globalNorm from run.yaml:5")
    #expect(found["inner.clip[0].limit"] == "2.0 from run.yaml:6")
    #expect(found["inner.schedule.kind"] == "cosine from run.yaml:7")
    #expect(found["inner.schedule.final"] == "0.5 from command line")
    #expect(found["rates.granularity"] == "layer from run.yaml:9")
    #expect(found["rates.time"] == "step from command line")
    #expect(found["rates.initial.kind"] == "uniform from default")
    #expect(found["rates.initial.rate"] == "0.2 from run.yaml:11")
    #expect(found["outer.learn"] == "[rates] from run.yaml:13")
    #expect(found["outer.clip"] == "none from default")
    #expect(found["outer.optimizer.epsilonRoot"] == "0.0 from default")
  }

  @Test(
    "rates that adapt keep to a parameterization of positive ones, or are refused",
    arguments: [
      ("{ rule: idbd, metaRate: 0.01 }", "log", true),
      ("{ rule: multiplicative, metaRate: 0.5 }", "log", true),
      ("{ rule: multiplicative, metaRate: 1.0 }", "softplus", false),
      ("{ rule: multiplicative, metaRate: 1.0, floor: 1e-6 }", "softplus", true),
      ("{ rule: additive, metaRate: 1.0e-5 }", "direct", true),
      ("{ rule: additive, metaRate: 1.0e-5 }", "log", false),
      ("{ rule: additive, metaRate: 1.0e-5, floor: 1e-6 }", "log", true),
    ])
  func adaptedRates(online: String, parameterization: String, isPossible: Bool) {
    let resolved = try? ResolvedConfiguration.parse(
      yaml: """
        name: a
        task: { kind: tracking, inputs: 20, relevant: 5, interval: 20 }
        inner: { optimizer: sgd, online: \(online) }
        rates: { parameterization: \(parameterization) }
        outer: { learn: [adaptedRates] }
        """, name: "run.yaml")
    #expect((resolved != nil) == isPossible)
  }

  @Test("a file is read, and errors bear its path")
  func loadsFile() throws {
    let path = NSTemporaryDirectory() + "metarate-configuration-\(UUID()).yaml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(designExample.utf8).write(to: URL(fileURLWithPath: path))
    let resolved = try ResolvedConfiguration.load(path: path, overrides: ["seed=9"])
    #expect(resolved.configuration.seed == 9)
    #expect(resolved.entries[0].source == .file(path, line: 1, column: 7))

    func refusal(_ path: String) -> ConfigurationError? {
      do {
        _ = try ResolvedConfiguration.load(path: path)
        return nil
      } catch {
        return error
      }
    }
    try Data([0x6E, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: path))
    #expect(
      refusal(path)?.description
        == "\(path):1:1: found bytes that are no UTF-8, expected a configuration in YAML; is it "
        + "the right file?")
    #expect(refusal(path)?.kind == .invalid)
    try Data(count: (1 << 20) + 1).write(to: URL(fileURLWithPath: path))
    #expect(
      refusal(path)?.description
        == "\(path):1:1: found more than 1048576 bytes, expected a configuration; is it the right "
        + "file?")
    let missing = refusal("/nonexistent/run.yaml")
    #expect(missing?.kind == .unreadable)
    #expect(
      missing?.description
        == "/nonexistent/run.yaml: cannot be read: No such file or directory; check the path")
    #expect(refusal("/tmp")?.description == "/tmp: cannot be read: Is a directory; check the path")
    #expect(refusal("/tmp")?.kind == .unreadable)
  }

  @Test("nesting and aliases that blow up are refused, not followed")
  func refusesBombs() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(errorText(of: "name: \(deep)")?.hasPrefix("run.yaml:1:") == true)
    let doublings = (1...40).map { "  - &a\($0) [*a\($0 - 1), *a\($0 - 1)]" }
    let bomb = "name:\n  - &a0 [x]\n" + doublings.joined(separator: "\n")
    #expect(
      errorText(of: bomb)?.hasSuffix("found too many values, expected a configuration") == true)
  }

  @Test("byte order marks and Windows' line ends leave places right")
  func countsLines() {
    #expect(
      errorText(of: "\u{FEFF}name: a\r\ntask: digits\r\nname: b")
        == "run.yaml:3:1: name: found the key twice, expected it once; remove this one or the one "
        + "at run.yaml:1:1")
  }
}
