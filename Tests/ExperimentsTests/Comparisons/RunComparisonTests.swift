import Configurations
import Experiments
import Foundation
import TestSupport
import Testing

@Suite("Comparisons of runs")
struct RunComparisonTests {
  private let place: TestFolder

  init() throws { place = try TestFolder() }

  private func path(_ name: String) -> String { "\(place.path)/\(name)" }

  private func write(
    _ name: String, _ overrides: String..., start: [Double?] = [2, 2], learned: [Double?]?
  ) throws {
    try writeRun(to: path(name), overrides: overrides, start: start, learned: learned)
  }

  private func found(_ names: String...) -> ComparedFolders {
    ComparedFolders(names.map(path), in: .standard)
  }

  @Test("runs that differ in seeds alone are a group, told apart by what else differs")
  func groups() throws {
    try write("a", "seed=2", "task.splitSeed=2", learned: [1])
    try write("b", "inner.steps=7", learned: [1])
    try write("c", "seed=1", "task.splitSeed=1", learned: [1])
    try write("d", "inner.steps=7", "outer.schedule=cosine", learned: [1])
    let comparison = RunComparison(found("a", "b", "c", "d").records)
    // What cosine has and constant has not is no difference of its own.
    #expect(comparison.keys == ["inner.steps", "outer.schedule"])
    #expect(comparison.groups.map { $0.records.map(\.seed) } == [[1, 2], [0], [0]])
    #expect(comparison.groups.map { $0.values[0] } == ["100", "7", "7"])
    #expect(comparison.groups.map { $0.values[1] } == ["constant", "constant", "cosine"])
  }

  @Test("the unit is the seed, by Student's t")
  func intervals() throws {
    // Means of seeds 1, 2, 3; differences -1, 0, 1: mean 0, deviation 1, ±4.30265/√3.
    for seed in 1...3 {
      try write("s\(seed)", "seed=\(seed)", learned: [Double(seed) - 0.5, Double(seed) + 0.5])
    }
    let group = RunComparison(found("s1", "s2", "s3").records).groups[0]
    let interval = try #require(group.learned.interval)
    #expect(group.learned.text == "2.000")
    #expect(abs(interval.upperBound - (2 + 4.30265 / 3.0.squareRoot())) < 1e-4)
    let difference = try #require(group.difference)
    #expect(difference.text == "0" && difference.verdict == "undecided")
    // Starts are all the same: no interval of width zero.
    #expect(group.start?.text == "2.000" && group.start?.interval == nil)
  }

  @Test("verdicts follow from the interval")
  func verdicts() throws {
    for seed in 1...3 {
      try write("l\(seed)", "seed=\(seed)", learned: [1 + 0.01 * Double(seed)])
      try write("h\(seed)", "seed=\(seed)", "inner.steps=7", learned: [3 + 0.01 * Double(seed)])
    }
    let groups = RunComparison(found("l1", "l2", "l3", "h1", "h2", "h3").records).groups
    #expect(groups.map { $0.difference?.verdict } == ["lower", "higher"])
  }

  @Test("one seed has no interval, and is said to be a description")
  func oneSeed() throws {
    try write("a", learned: [1, 3])
    let comparison = RunComparison(found("a").records)
    #expect(comparison.groups[0].learned.interval == nil)
    #expect(comparison.groups[0].difference?.interval == nil)
    #expect(comparison.groups[0].difference?.verdict == "—")
    #expect(comparison.text.contains("a group of one seed is a description of one run"))
    #expect(!comparison.text.contains("95 %"))
  }

  @Test("a diverged run is counted, and no mean is made with it")
  func divergence() throws {
    try write("a", "seed=1", learned: [1, nil])
    try write("b", "seed=2", learned: [1, 1])
    try write("c", "seed=3", learned: nil)
    let comparison = RunComparison(found("a", "b", "c").records)
    let group = comparison.groups[0]
    #expect(group.learned.text == "diverged 2 of 3" && group.learned.interval == nil)
    // The run that ended early has not tested its start.
    #expect(group.start == nil && group.difference == nil)
    #expect(comparison.text.contains("2 runs diverged and count as the worst"))
    let tested = RunComparison(found("a", "b").records).groups[0]
    #expect(tested.difference?.text == "—" && tested.difference?.interval == nil)
    #expect(comparison.csv.contains(",diverged,inf,,,inf,,2,2.5\n"))
  }

  @Test("what is unfinished, damaged, no run or given twice is named and left out")
  func omissions() throws {
    try write("a", learned: [1])
    try write("twice", learned: [1])
    try RunFolder(path("begun")).begin(shortConfiguration(overrides: ["seed=9"]))
    try write("damaged", learned: [1])
    try Array("[]".utf8).write(to: RunFolder(path("damaged")).summary)
    let found = found("a/", "a", "twice", "begun", "damaged", "missing")
    #expect(found.records.map(\.folder.path) == [path("a")])
    #expect(found.omissions.count == 3)
    #expect(
      found.duplicates
        == ["a", "twice"].map {
          "\(path($0)) is the run of \(path("a")) once more"
        })
    let expected = [
      "begun is not finished: continue it with", "is not what a run writes", "missing holds no run",
    ]
    for (omission, text) in zip(found.omissions, expected) {
      #expect(omission.contains(text), "\(omission)")
    }
  }

  @Test("a file has a row for each run, with the settings that differ")
  func csv() throws {
    try write("a", "seed=3", learned: [1, 2])
    try write("b", "inner.steps=7", learned: [4])
    let csv = RunComparison(found("a", "b").records).csv
    #expect(
      csv.hasPrefix(
        """
        group,folder,seed,inner.steps,state,validation,best_step,start_test_loss,test_loss,\
        test_accuracy,outer_steps,seconds
        1,\(path("a")),3,100,finished,1.0,2,2.0,1.5,,2,2.5
        2,\(path("b")),0,7,finished,1.0,2,2.0,4.0,,2,2.5

        """), "\(csv)")
  }
}
