import Experiments
import MetaLearning
import Testing

@Suite("Kinds that work")
struct KindTableTests {
  @Test("an optimizer works in configurations exactly if the library has it")
  func optimizers() {
    for kind in OptimizerKind.allCases {
      let text = errorText(of: "name: a\ntask: digits\ninner: { optimizer: \(kind) }")
      #expect((text == nil) == Optimizer.isSupported(kind), "\(kind): \(text ?? "accepted")")
    }
  }

  @Test("a clip works in configurations exactly if the library has it")
  func clips() {
    let clips: [(String, ClipSpecification)] = [
      ("{ kind: globalNorm, limit: 1 }", .globalNorm(limit: 1)),
      ("{ kind: value, limit: 1 }", .value(limit: 1)),
      ("{ kind: tensorNorm, limit: 1 }", .tensorNorm(limit: 1)),
      ("{ kind: normalize }", .normalize),
    ]
    for (text, clip) in clips {
      let refusal = errorText(of: "name: a\ntask: digits\ninner: { clip: \(text) }")
      #expect((refusal == nil) == clip.isSupported, "\(text): \(refusal ?? "accepted")")
    }
  }

  /// The words of every closed vocabulary, with the key that takes them.
  static let words: [(key: String, words: [String])] = [
    ("model: { activation", Activation.allCases.map(\.rawValue)),
    ("task: { kind: hdf5, file: x, loss", LossFunction.allCases.map(\.rawValue)),
    ("hypergradient: { estimator", EstimatorKind.allCases.map(\.rawValue)),
    ("hypergradient: { memory", MemorySpecification.allCases.map(\.rawValue)),
    ("outer: { objective", ObjectiveSpecification.allCases.map(\.rawValue)),
    ("outer: { learn", LearnTarget.allCases.map(\.rawValue)),
    ("outer: { initialWeights", InitialWeights.allCases.map(\.rawValue)),
    (
      "rates: { granularity: { kind: layerFactor, index", LayerIndex.allCases.map(\.rawValue)
    ),
  ]

  @Test("every case of a vocabulary has its word", arguments: words)
  func vocabularies(key: String, words: [String]) {
    let braces = String(repeating: " }", count: key.count { $0 == "{" })
    let task = key.hasPrefix("task") ? "" : "task: digits\n"
    for word in words {
      #expect(errorText(of: "name: a\n\(task)\(key): \(word)\(braces)") == nil)
    }
  }
}
