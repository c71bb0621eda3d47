import Configurations
import Experiments
import Testing

@Suite struct GoldenCaseTests {
  @Test(arguments: EmbeddedData.goldenCases.map(\.name))
  func agrees(_ name: String) throws {
    let bytes = try #require(EmbeddedData.goldenCases.first { $0.name == name }).bytes
    let golden = try GoldenCase(name: name, bytes: bytes)
    let comparisons = try golden.compare()
    #expect(comparisons.count >= 4)
    for comparison in comparisons {
      #expect(comparison.agrees, "\(comparison.group): \(comparison.relativeError)")
    }
  }

  @Test func damagedCasesAreErrors() {
    #expect(throws: GoldenCaseError.self) { try GoldenCase(name: "x", bytes: [1, 2, 3]) }
  }
}
