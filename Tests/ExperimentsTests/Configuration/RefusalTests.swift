import Experiments
import MetaLearning
import Testing

@Suite("Refusing configurations")
struct RefusalTests {
  /// Lines after `name: a` and `task: digits`, and what is said of them; lines count from 3.
  static let refusals: [(lines: String, message: String)] = [
    // Unknown keys.
    ("inner: { stpes: 5 }", "X"),
    ("inner:\n  steps: 5\n  optimiser: sgd", "X"),
    ("steps: 5", "X"),
    ("zebra: 5", "X"),
    ("inner: { optimizer: { kind: sgd, momentum: 0.9 } }", "X"),
    ("inner: { optimizer: { momentum: 0.9 } }", "X"),
    ("outer: { optimizer: { kind: adam, rte: 1 } }", "X"),
    ("3: 5", "X"),
    ("[a]: 5", "X"),
    ("<<: { seed: 3 }", "X"),
    // Duplicate keys.
    ("inner:\n  steps: 5\n  batch: 3\n  steps: 6", "X"),
    ("name: b", "X"),
    ("inner: { \"steps\": 1, batch: 2, \"steps\": 1, steps: 7 }", "X"),
    // Wrong types.
    ("inner: { steps: many }", "X"),
    ("inner: { steps: \"5\" }", "X"),
    ("inner: { steps: 1.5 }", "X"),
    ("inner: { steps: 1e2 }", "X"),
    ("inner: { steps: true }", "X"),
    ("inner: { steps: }", "X"),
    ("inner: { steps: [5] }", "X"),
    ("inner: { steps: { n: 5 } }", "X"),
    ("inner: { steps: 0x10 }", "X"),
    ("inner: { steps: 99999999999999999999 }", "X"),
    ("inner: [5]", "X"),
    ("inner:", "X"),
    ("inner: 5", "X"),
    ("model: { hidden: 64 }", "X"),
    ("rates: { initial: { rate: .nan } }", "X"),
    ("rates: { initial: { rate: -.inf } }", "X"),
    ("rates: { initial: { rate: 1e999 } }", "X"),
    ("rates: { initial: { rate: fast } }", "X"),
    ("rates: { initial: 0.3 }", "X"),
    // Impossible values.
    ("inner: { steps: 0 }", "X"),
    ("inner: { batch: 0 }", "X"),
    ("inner: { optimizer: { kind: momentum, momentum: 1 } }", "X"),
    ("inner: { optimizer: { kind: adam, beta2: -0.1 } }", "X"),
    ("outer: { optimizer: { kind: adam, epsilon: 0 } }", "X"),
    ("outer: { optimizer: { kind: adam, rate: 0 } }", "X"),
    ("outer: { steps: 0 }", "X"),
    ("outer: { learn: [] }", "X"),
    ("outer: { learn: [rates, rates] }", "X"),
    ("outer: { learn: [rate] }", "X"),
    ("inner: { clip: { kind: globalNorm, limit: 0 } }", "X"),
    ("inner: { clip: globalNorm }", "X"),
    ("inner: { clip: [{ limit: 1 }] }", "X"),
    ("inner: { schedule: { kind: cosine, final: 2 } }", "X"),
    ("model: { kind: mlp, hidden: [64, 0] }", "X"),
    ("rates: { time: window }", "X"),
    ("rates: { time: { kind: window, steps: 0 } }", "X"),
    ("rates: { initial: { rate: 0 } }", "X"),
    ("rates: { parameterization: softplus, initial: { rate: -1 } }", "X"),
    ("rates: { parameterization: { kind: sigmoid, maximum: 0.3 }, initial: { rate: 0.3 } }", "X"),
    ("rates: { parameterization: { kind: sigmoid, maximum: 0.05 } }", "X"),
    ("rates: { parameterization: sigmoid, initial: { kind: layerFactor, factor: 4 } }", "X"),
    ("rates: { initial: { kind: layerFactor } }", "X"),
    ("seed: -1", "X"),
    ("checkpoint: { every: 0 }", "X"),
    ("ablation: { tuning: { lowest: 5 } }", "X"),
    ("ablation: { tuning: { lowest: 5, highest: 5 } }", "X"),
    ("ablation: { seeds: 0 }", "X"),
    // Unknown words.
    ("inner: { optimizer: adm }", "X"),
    ("inner: { optimizer: { kind: Adam } }", "X"),
    ("model: { activation: swish }", "X"),
    ("rates: { granularity: weight }", "X"),
    // Features of the design that this version lacks.
    ("inner: { optimizer: nesterov }", "X"),
    ("inner: { optimizer: { kind: adamw, weightDecay: 0.1 } }", "X"),
    ("inner: { schedule: { kind: exponential, decay: 0.9 } }", "X"),
    ("inner: { clip: { kind: value, limit: 1 } }", "X"),
    ("rates: { initial: { kind: gradientMagnitude, median: 0.1 } }", "X"),
    ("hypergradient: { estimator: truncated }", "X"),
    ("hypergradient: { memory: binomial }", "X"),
    ("outer: { objective: weighted }", "X"),
    ("outer: { learn: [optimizerScalars] }", "X"),
    ("outer: { patience: 5 }", "X"),
    // Broken YAML.
    ("inner: { steps: 5", "X"),
    ("inner:\n\tsteps: 5", "X"),
    ("inner: *nothing", "X"),
    ("---\nname: b", "X"),
  ]

  @Test("is one line that says where, what was found, what was expected", arguments: refusals)
  func refuses(lines: String, expected: String) {
    let found = message("name: a\ntask: digits\n" + lines)
    #expect(found == expected)
    print("ROW\t\(lines.debugDescription)\t\(found ?? "accepted")")
  }

  /// Whole files, and what is said of them.
  static let files: [(yaml: String, message: String)] = [
    ("", "X"),
    ("# nothing but a comment\n", "X"),
    ("- a\n- b\n", "X"),
    ("digits", "X"),
    ("task: digits", "X"),
    ("name: a", "X"),
    ("name: 5\ntask: digits", "X"),
    ("name: a/b\ntask: digits", "X"),
    ("name: \"\"\ntask: digits", "X"),
    ("name: a\ntask: { validation: 0.5 }", "X"),
    ("name: a\ntask: mnist", "X"),
    ("name: a\ntask: omniglot", "X"),
    ("name: a\ntask: hdf5", "X"),
    ("name: a\ntask: { kind: digits, validation: 0 }", "X"),
    ("name: a\ntask: { kind: digits, test: 1 }", "X"),
    ("name: a\ntask: { kind: digits, validation: 0.5, test: 0.5 }", "X"),
    ("name: a\ntask: { kind: digits, validation: 0.8 }", "X"),
    ("name: a\ntask: { kind: noisyQuadratic, lowest: 2 }", "X"),
    ("name: a\ntask: noisyQuadratic\nmodel: mlp", "X"),
    ("name: a\u{7}\ntask: digits", "X"),
  ]

  @Test("names the file's place where the whole is wrong", arguments: files)
  func refusesFile(yaml: String, expected: String) {
    let found = message(yaml)
    #expect(found == expected)
    print("ROW\t\(yaml.debugDescription)\t\(found ?? "accepted")")
  }
}
