import Experiments
import MetaLearning
import TestSupport
import Testing

@Suite("Sentences about runs")
struct RunSentencesTests {
  private func sentences(_ lines: String, task: String = "digits") throws -> RunSentences {
    RunSentences(try shortConfiguration(lines, task: task))
  }

  @Test("the heading says what test runs have that learning did not see, and no more")
  func headings() throws {
    let fresh = try sentences("").heading(runs: 20)
    #expect(
      fresh
        == "20 test runs from initial weights of their own, trained on batches of their own, of rows "
        + "that learning saw, evaluated on test rows that learning did not see:")
    for (lines, part) in [
      (
        "outer: { initialWeights: fixed }",
        "from the same initial weights as the runs that were learned from"
      ),
      ("outer: { learn: [rates, initialWeights] }", "from the initial weights of each state,"),
      (
        "outer: { initialWeights: { kind: checkpoint, file: a.h5 } }",
        "from the initial weights of a.h5, as all runs do"
      ),
      (
        "outer: { learn: [initialWeights], initialWeights: { kind: checkpoint, file: a.h5 } }",
        "from the initial weights of each state, the start's of a.h5"
      ),
    ] {
      let heading = try sentences(lines).heading(runs: 20)
      #expect(heading.contains(part), "\(heading)")
      #expect(!heading.contains("weights of their own"))
    }
    #expect(
      try sentences("", task: "{ kind: teacher, teacher: fixed }").heading(runs: 3)
        .contains("examples of the same teacher"))
    #expect(try sentences("", task: "tracking").heading(runs: 3).contains("weights of zero"))
    let expected = try sentences("", task: "{ kind: noisyQuadratic, expectation: true }")
    #expect(expected.heading(runs: 20).hasPrefix("one test run"))
  }

  @Test("rows say what the start has and how the state was chosen")
  func rows() throws {
    #expect(try sentences("").start == "rates as learning started")
    let all = try sentences(
      "inner: { optimizer: momentum }\nouter: { learn: [rates, initialWeights, optimizerScalars] }")
    #expect(all.start == "rates, initial weights, scalars as learning started")
    #expect(all.learned(step: 10, isBest: true) == "learned (best by validation, outer step 10)")
    #expect(
      all.learned(step: 9, isBest: false) == "learned (last, without validation, outer step 9)")
    #expect(all.learned(step: 0, isBest: true) == "best by validation: the start")
  }

  @Test("longer test runs and batch normalization are remarked upon")
  func remarks() throws {
    #expect(try sentences("").remarks.isEmpty)
    #expect(try sentences("outer: { validation: { steps: 200 } }").remarks.isEmpty)
    let held = try sentences("rates: { time: step }\nouter: { validation: { steps: 200 } }").remarks
    #expect(
      held == [
        "test runs take 200 steps, rates were learned for 100: beyond them the last step's rates hold"
      ])
    let convolutional = try sentences("model: convolutional").remarks
    #expect(convolutional.count == 1 && convolutional[0].contains("transductive"))
    // A task that brings its own model has no batch normalization.
    #expect(try sentences("", task: "tracking").remarks.isEmpty)
  }
}
