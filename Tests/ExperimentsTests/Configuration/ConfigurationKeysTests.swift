import Experiments
import Foundation
import Testing

@Suite("The list of keys")
struct ConfigurationKeysTests {
  private let lines = ConfigurationKeys.text.split(separator: "\n").map {
    $0.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  @Test("has every value of a configuration under its key or its kind's")
  func isComplete() throws {
    let keys = Set(lines.map { $0[0] })
    let resolved = try ResolvedConfiguration.parse(yaml: "name: a\ntask: digits", name: "a.yaml")
    for entry in resolved.entries {
      let parts = entry.path.split(separator: ".")
      let ways = parts.indices.map { parts[...$0].joined(separator: ".") }
      // A section that is left out as a whole is a value, too.
      #expect(
        ways.contains { keys.contains($0) } || keys.contains { $0.hasPrefix(entry.path + ".") },
        "\(entry.path)")
    }
  }

  @Test("names kinds with their keys, and defaults")
  func kinds() {
    let text = ConfigurationKeys.text
    for part in [
      "sigmoid { maximum }", "adam { beta1, beta2, epsilon, epsilonRoot, rate }",
      "evolution { pairs, deviation, window }",
    ] {
      #expect(text.contains(part))
    }
    #expect(lines.contains { $0[0] == "inner.steps" && $0[1] == "100" })
    #expect(lines.count { $0[0] == "task" } == 1)
  }
}
