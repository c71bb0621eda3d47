import Configurations
import Experiments
import HDF5Files
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

  /// Nothing agrees with what is no number, whatever was found.
  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func expectationsAreFinite(_ value: Double) throws {
    let golden = try #require(EmbeddedData.goldenCases.first { $0.name == "quadratic-sgd" })
    var tree = try HDF5Image.decode(golden.bytes)
    let path = try #require(tree.paths.first { $0.hasPrefix("/expected/hypergradient/rates_raw/") })
    let dataset = try #require(tree[path])
    var numbers = try dataset.elements(of: Double.self, at: path)
    numbers[0] = value
    tree[path] = HDF5Dataset(numbers, shape: dataset.shape)
    let changed = try GoldenCase(name: "x", bytes: try HDF5Image.encode(tree))
    #expect(throws: GoldenCaseError.self) { try changed.compare() }
  }

  @Test func damagedCasesAreErrors() {
    #expect(throws: GoldenCaseError.self) { try GoldenCase(name: "x", bytes: [1, 2, 3]) }
  }
}
