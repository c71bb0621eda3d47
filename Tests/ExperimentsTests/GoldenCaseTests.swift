import Experiments
import Testing

@Suite struct GoldenCaseTests {
  /// The cases that this version must compute; the rest say what they lack.
  static let supported: Set<String> = [
    "quadratic-sgd", "mlp-sgd-mse", "mlp-sgd-relu", "mlp-momentum", "mlp-adam",
    "mlp-clip-global-norm", "mlp-log-layer", "mlp-softplus-row", "mlp-cosine", "mlp-tasks",
    "mlp-clip-sometimes", "mlp-long",
  ]

  @Test(arguments: EmbeddedData.goldenCases.map(\.name))
  func agreesOrSaysWhatItLacks(_ name: String) throws {
    let bytes = try #require(EmbeddedData.goldenCases.first { $0.name == name }).bytes
    let golden = try GoldenCase(name: name, bytes: bytes)
    if GoldenCaseTests.supported.contains(name) {
      let comparisons = try golden.compare()
      #expect(comparisons.count >= 4)
      for comparison in comparisons {
        #expect(comparison.agrees, "\(comparison.group): \(comparison.relativeError)")
      }
    } else {
      let error = #expect(throws: GoldenCaseError.self) { try golden.compare() }
      #expect(error.map { "\($0)".hasPrefix("not supported: ") } == true)
    }
  }

  @Test func damagedCasesAreErrors() {
    #expect(throws: GoldenCaseError.self) { try GoldenCase(name: "x", bytes: [1, 2, 3]) }
  }
}
