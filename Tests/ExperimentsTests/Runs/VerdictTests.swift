import Experiments
import MetaLearning
import Reports
import TensorPrograms
import Testing

@Suite("Verdicts")
struct VerdictTests {
  private func verdict(_ differences: [Double]) -> Verdict {
    var stream = RandomStream(seed: 1, purpose: "bootstrap")
    return Verdict(
      PairedDifference(
        first: differences, second: differences.map { _ in 0 }, generator: &stream),
      validation: 0.25)
  }

  @Test("the start as the best state is said, without an interval")
  func start() {
    let verdict = Verdict(nil, validation: 0.25)
    #expect(!verdict.isInFavor)
    #expect(verdict.text.hasPrefix("learning did not help: no state that was validated is better"))
    #expect(verdict.text.contains("(0.2500)"))
  }

  @Test("only an interval below 0 is in favor of learning")
  func differences() {
    let spread = (0..<20).map { 0.01 * Double($0 % 5) }
    #expect(verdict(spread.map { $0 - 1 }).isInFavor)
    let unclear = verdict(spread.enumerated().map { $0 % 2 == 0 ? $1 - 1 : $1 + 0.9 })
    #expect(!unclear.isInFavor && unclear.text.contains("do not show that learning helped"))
    let worse = verdict(spread.map { $0 + 1 })
    #expect(
      !worse.isInFavor && worse.text == "learning did not help: its test loss is above the start's"
    )
    // Runs without randomness are one run.
    #expect(verdict([Double](repeating: -1, count: 20)).isInFavor)
    let same = verdict([Double](repeating: 0, count: 20))
    #expect(!same.isInFavor && same.text.contains("come to the same"))
    let diverged = verdict([Double](repeating: .infinity, count: 20))
    #expect(!diverged.isInFavor && diverged.text.hasPrefix("learning did not help"))
  }
}
