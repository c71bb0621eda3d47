import Configurations
import Experiments
import Testing

@Suite("Damaged configurations")
struct MutationTests {
  private static let insertions: [Character] = [
    "{", "}", "[", "]", ":", ",", "-", "\"", "'", "#", "&", "*", "!", "|", ">", "%", "@", "\n", " ",
    "\t", "\r", "0", "9", ".", "e", "a", "é", "\u{1}", "\u{2028}", "\u{E000}", "😀",
  ]

  /// Knuth's multiplicative generator, the same on every machine.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  @Test("a text with letters lost, doubled or added is read exactly or refused on one line")
  func survivesDamage() throws {
    var generator = Generator(state: 1)
    for _ in 0..<300 {
      var text = Array(designExample)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: 0..<text.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: text.remove(at: index)
        case 1: text.insert(MutationTests.insertions.randomElement(using: &generator)!, at: index)
        case 2: text.removeSubrange(index..<min(text.count, index + 12))
        default: text.insert(contentsOf: text[index..<min(text.count, index + 12)], at: index)
        }
      }
      do {
        let read = try ResolvedConfiguration.parse(yaml: String(text), name: "run.yaml")
          .configuration
        #expect(
          try RunConfiguration(json: read.canonicalJSON, in: .standard) == read, "\(String(text))")
      } catch {
        #expect(error.description.split { $0.isNewline }.count == 1, "\(error)")
        #expect(error.description.hasPrefix("run.yaml:"), "\(error)")
      }
    }
  }
}
