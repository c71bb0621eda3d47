import Configurations
import TestSupport
import Testing

@Suite("Differences of settings")
struct SettingDifferencesTests {
  private func differences(_ there: [String], _ here: [String]) throws -> SettingDifferences {
    SettingDifferences(
      there: try shortConfiguration(overrides: there),
      here: try shortConfiguration(overrides: here))
  }

  @Test("equal configurations have none")
  func none() throws {
    #expect(try differences(["inner.steps=7"], ["inner.steps=7"]).isEmpty)
    #expect(try differences([], []).description == "")
  }

  @Test("each is a line, there before here")
  func lines() throws {
    let found = try differences(
      ["inner.steps=7", "seed=1"], ["inner.steps=8", "model.hidden=[3, 4]"])
    #expect(
      found.description == """
          model.hidden: [64, 64] → [3, 4]
          inner.steps: 7 → 8
          seed: 1 → 0
        """)
  }

  @Test("a kind stands at its own key, with or without settings")
  func kinds() throws {
    let found = try differences(
      ["outer.schedule=constant"], ["outer.schedule={kind: cosine, final: 0.1}"])
    #expect(
      found.description == """
          outer.schedule: constant → cosine
          outer.schedule.final: — → 0.1
        """)
  }

  @Test("after ten the rest is counted")
  func many() {
    let there = SettingList((0..<14).map { .init("k\($0)", "a") })
    let here = SettingList((0..<14).map { .init("k\($0)", "b") })
    let lines = SettingDifferences(there: there, here: here).description.split(separator: "\n")
    #expect(lines.count == 11 && lines[0] == "  k0: a → b" && lines[10] == "  and 4 more")
  }
}
