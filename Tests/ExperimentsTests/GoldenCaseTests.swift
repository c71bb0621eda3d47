import Experiments
import Testing

@Suite struct GoldenCaseTests {
  /// The cases that this version cannot compute and says so.
  static let unsupported: Set<String> = ["conv-sgd", "conv-row-momentum"]

  @Test(arguments: EmbeddedData.goldenCases.map(\.name))
  func agreesOrSaysWhatItLacks(_ name: String) throws {
    let bytes = try #require(EmbeddedData.goldenCases.first { $0.name == name }).bytes
    let golden = try GoldenCase(name: name, bytes: bytes)
    if !GoldenCaseTests.unsupported.contains(name) {
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
