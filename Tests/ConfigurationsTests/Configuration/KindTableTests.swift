import Experiments
import MetaLearning
import Settings
import Testing

@Suite("Kinds that work")
struct KindTableTests {
  @Test("every optimizer works in configurations", arguments: Laboratory.standard.optimizers.words)
  func optimizers(_ kind: String) {
    #expect(errorText(of: "name: a\ntask: digits\ninner: { optimizer: \(kind) }") == nil)
    #expect(errorText(of: "name: a\ntask: digits\nouter: { optimizer: \(kind) }") == nil)
  }

  /// The words of every vocabulary, with the key that takes them.
  static let words: [(key: String, words: [String])] = [
    ("model: { activation", Activation.allCases.map(\.rawValue)),
    ("model: { normalization", Normalization.allCases.map(\.rawValue)),
    (
      "task: { kind: table, file: x, loss",
      ["meanSquaredError", "meanAbsoluteError", "huber", "crossEntropy", "binaryCrossEntropy"]
    ),
    ("hypergradient: { estimator", Laboratory.standard.estimators.words),
    ("hypergradient: { memory", ["storeAll", "everyStep", "segments", "2 GiB", "'512 MiB'"]),
    ("outer: { objective", ["final", "mean", "training"]),
    (
      "inner: { optimizer: momentum }\nouter: { learn",
      ["rates", "initialWeights", "optimizerScalars"]
    ),
    (
      "outer: { initialWeights",
      ["fresh", "fixed", "{ kind: checkpoint, file: a.h5, state: last }"]
    ),
    (
      "rates: { granularity: { kind: layerFactor, index", LayerIndex.allCases.map(\.rawValue)
    ),
  ]

  @Test("every clip and transformation works in configurations")
  func transformations() {
    let clips = [
      "{ kind: globalNorm, limit: 1 }", "{ kind: value, limit: 1 }",
      "{ kind: tensorNorm, limit: 1 }", "normalize",
    ]
    for clip in clips {
      #expect(errorText(of: "name: a\ntask: digits\ninner: { clip: \(clip) }") == nil)
      #expect(errorText(of: "name: a\ntask: digits\ninner: { transformations: [\(clip)] }") == nil)
    }
    let decay = "{ kind: weightDecay, rate: 0.1 }"
    #expect(errorText(of: "name: a\ntask: digits\ninner: { clip: \(decay) }") != nil)
    #expect(
      errorText(of: "name: a\ntask: digits\ninner: { transformations: [\(decay)] }") == nil)
  }

  @Test("every case of a vocabulary has its word", arguments: words)
  func vocabularies(key: String, words: [String]) {
    let open = key.count { $0 == "{" } - key.count { $0 == "}" }
    let braces = String(repeating: " }", count: open)
    let task = key.hasPrefix("task") ? "" : "task: digits\n"
    for word in words {
      #expect(errorText(of: "name: a\n\(task)\(key): \(word)\(braces)") == nil)
    }
  }
}
