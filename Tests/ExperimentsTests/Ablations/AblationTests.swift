import Checkpoints
import Configurations
import Experiments
import Foundation
import HDF5Files
import MetaLearning
import Reports
import TensorPrograms
import TestSupport
import Testing

@Suite("Ablations")
struct AblationTests {
  private let configuration = """
    model: { kind: mlp, hidden: [] }
    inner: { steps: 3, batch: 8 }
    rates: { granularity: layer }
    outer: { steps: 1, tasks: 1, validation: { tasks: 1 } }
    seed: 4
    ablation:
      repetitions: 2
      seeds: 3
      tuning: { seeds: 1, rates: 2, pairs: 2 }
    """

  private func ablation(
    in folder: RunFolder, _ overrides: [String] = [], _ tell: (String) -> Void = { _ in }
  ) throws -> Ablation {
    try withoutActuallyEscaping(tell) { tell in
      try Ablation(
        try AblationPlan(
          try shortConfiguration(configuration, overrides: overrides), in: folder,
          laboratory: .standard), nil, provenance: "{}", laboratory: .standard
      ) { progress in
        switch progress {
        case .doing(let text), .note(let text): tell(text)
        }
      }
    }
  }

  private func schedule(
    in folder: RunFolder, _ overrides: [String] = []
  ) throws -> AblationSchedule {
    try AblationSchedule(
      try AblationPlan(
        try shortConfiguration(configuration, overrides: overrides), in: folder,
        laboratory: .standard), in: .standard)
  }

  @Test("cells that are there are kept, and those that are missing come out the same")
  func goesOn() throws {
    let place = try TestFolder()
    defer { withExtendedLifetime(place) {} }
    let folder = RunFolder(place.path + "/a")
    let whole = try ablation(in: folder)
    #expect(whole.arms.map { $0.count } == [2, 2, 2])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.cells).sorted()
      .filter { $0.hasSuffix(".json") }
    #expect(names.count == 6)
    for name in [names[2], names[3]] {
      try FileManager.default.removeItem(atPath: "\(folder.cells)/\(name)")
    }
    var notes: [String] = []
    let again = try ablation(in: folder) { notes.append($0) }
    #expect(again.csv == whole.csv)
    #expect(notes.contains("4 of 6 cells are in \(folder.cells)"))

    try Array("{}".utf8).write(to: "\(folder.cells)/\(names[0])")
    #expect(throws: RunError.self) { try ablation(in: folder) }
  }

  @Test("what arms learned is kept as checkpoints that say what was tested, and analyzed by arm")
  func keepsRates() throws {
    let place = try TestFolder()
    defer { withExtendedLifetime(place) {} }
    let folder = RunFolder(place.path + "/a")
    let arms = [
      "ablation.arms=[tunedUniform, { kind: learned, name: ours, with: { rates.granularity: tensor } }, "
        + "{ kind: control, of: shuffled }, "
        + "{ kind: tuned, over: { rates.initial.rate: [0.1, 0.3] }, learn: true }]",
      "outer.steps=3",
    ]
    let whole = try ablation(in: folder, arms)
    try #"{"x": 1}"#.write(
      toFile: folder.path + "/ablation.md", atomically: true, encoding: .utf8)
    try whole.configuration.canonicalYAML.write(
      toFile: folder.configuration, atomically: true, encoding: .utf8)
    let kept = try #require(try AblationRates(of: folder.path, in: .standard))
    // Tuned rates are numbers in a table; what is shuffled is no state of learning.
    #expect(kept.arms.map(\.name) == ["ours", whole.arms[3][0].name])
    #expect(kept.arms.allSatisfy { $0.files.count == 2 })
    for (repetition, file) in kept.arms[1].files.enumerated() {
      let tree = try HDF5Image.decode(path: file)
      let configuration = try RunConfiguration(
        json: TrainingCheckpoint.configuration(of: tree), in: .standard)
      #expect(configuration.seed == whole.configuration.seed + UInt64(repetition))
      // What was tuned is what learning began with.
      let start = try tree.elements(of: Float.self, at: "/rates_initial/000_dense/bias")
      let rate = try #require((configuration.rates.initial as? UniformRates)?.rate)
      #expect(start.allSatisfy { abs(Double($0) - rate) < 1e-6 })
      #expect(whole.arms[3][repetition].choice.hasPrefix("rate \(Format.number(rate))"))
      #expect(
        try RateAnalysis(ofFile: file, in: .standard).configuration.seed == configuration.seed)
    }
    let found = RepeatedAnalysis(
      name: "ours",
      try kept.arms[0].files.map { try RateAnalysis(ofFile: $0, in: .standard) })
    #expect(found.text.hasPrefix("ours\n2 runs"))

    let bare = RunFolder(place.path + "/b")
    let without = try ablation(in: bare, arms + ["ablation.keepRates=false"])
    #expect(without.csv == whole.csv)
    let files = try FileManager.default.contentsOfDirectory(atPath: bare.cells)
    #expect(files.allSatisfy { $0.hasSuffix(".json") } && files.count == 8)
  }

  @Test("arms, names and repetitions that are added find the cells that are there")
  func grows() throws {
    let place = try TestFolder()
    defer { withExtendedLifetime(place) {} }
    let folder = RunFolder(place.path + "/a")
    let first = try ablation(in: folder)
    var notes: [String] = []
    let more = try ablation(
      in: folder,
      [
        "ablation.arms=[{ kind: learned, name: ours }, { kind: asWritten, with: { rates.initial.rate: 0.2 } }, tunedUniform]",
        "ablation.repetitions=3", "name: b".replacing(": ", with: "="),
      ]
    ) { notes.append($0) }
    #expect(notes.contains("4 of 9 cells are in \(folder.cells)"))
    #expect(more.arms.map { $0[0].name } == ["ours", "uniform as written", "tuned uniform"])
    #expect(more.arms[0].prefix(2).map(\.tests) == first.arms[2].map(\.tests))
    #expect(more.arms[2].prefix(2).map(\.tests) == first.arms[0].map(\.tests))
    #expect(more.arms[1][0].choice == "{ rate: 0.2 }" && more.arms[1][0].gradients == 0)
    // Other test runs, another search: nothing is there.
    notes = []
    _ = try ablation(in: folder, ["ablation.tuning.rates=3"]) { notes.append($0) }
    #expect(!notes.contains { $0.contains("cells are in") })
  }

  @Test("an arm finds what another has computed, and is charged for it")
  func shared() throws {
    let place = try TestFolder()
    defer { withExtendedLifetime(place) {} }
    let arms = "ablation.arms=[learned, control, { kind: control, of: tensorMeans }]"
    var notes: [String] = []
    let found = try ablation(
      in: RunFolder(place.path + "/a"),
      [arms, "ablation.repetitions=1", "rates.granularity=parameter"]
    ) { notes.append($0) }.arms.map { $0[0] }
    #expect(notes.count { $0.hasSuffix(": tuning the uniform rate") } == 1)
    #expect(Set(found.map(\.gradients)).count == 1 && found[0].products > 0)
    #expect(found.allSatisfy { $0.hasTuned && $0.seconds > 0 })
    #expect(found[1].tests != found[0].tests)
    #expect(found[1].name == "learned per parameter, shuffled")
  }

  @Test("a search finds what is good, in whatever setting it lies")
  func searches() throws {
    let place = try TestFolder()
    defer { withExtendedLifetime(place) {} }
    let arms = """
      ablation.arms=[{ kind: tuned, over: { rates.initial.rate: [1e-9, 0.1, 1e-8], inner.batch: [1, 8] }, candidates: 6 }, \
      { kind: tuned, over: { rates.initial.rate: log(1e-4..1e-3) }, candidates: 3 }, \
      { kind: tuned, learn: true, over: { rates.initial.rate: [1e-9, 0.1] } }]
      """.replacing("\\\n", with: "")
    let found = try ablation(
      in: RunFolder(place.path + "/a"), [arms, "ablation.repetitions=1"]
    ).arms.map { $0[0] }
    #expect(found[0].choice == "rate 0.1000, batch 8")
    #expect(found[0].gradients == 6 * 3)
    // The best lies at the upper end, so that the range is widened three times.
    #expect(found[1].gradients == 4 * 3 * 3)
    #expect(["rate 0.1000", "rate 0.01000", "rate 1"].contains(found[1].choice))
    #expect(found[2].choice == "rate 0.1000" && found[2].products > 0)
    #expect(found[2].name == "learned per layer at tuned rate")
  }

  @Test("what an ablation is said to cost is what it is charged for")
  func schedules() throws {
    let place = try TestFolder()
    defer { withExtendedLifetime(place) {} }
    let folder = RunFolder(place.path + "/a")
    let overrides = [
      "ablation.arms=[asWritten, tunedLayerFactor, tunedMomentum, { kind: tuned, learn: true, over: { rates.initial.rate: [0.1, 0.2] } }, learned, control]",
      "ablation.repetitions=2", "outer.validation.every=1",
    ]
    let planned = try schedule(in: folder, overrides)
    #expect(!FileManager.default.fileExists(atPath: folder.path))
    // No candidates are few enough for searches to go on beyond their ends, which costs more.
    let found = try ablation(in: folder, overrides)
    let learning = 3 * (1 + 2) + 2 * 3
    let costs = [0, 2 * 3, 2 * 3, 2 * learning, 2 * 3 + learning, 2 * 3 + learning]
    let text = try planned.text(in: .standard)
    for (cells, cost) in zip(found.arms, costs) {
      #expect(text.contains(" \(cost)  0 of 2 done"))
      #expect(cells.allSatisfy { $0.budget.gradientEquivalents >= cost })
    }
    // Tuning and learning of the control are those of the arm before it.
    let once = 2 * costs.dropLast().reduce(0, +) + 2 * 6 * 3 * 3
    #expect(planned.cost { _ in true } == Double(once))
    let done = try schedule(in: folder, overrides)
    #expect(done.cost { !$0.isDone } == 0)
    #expect(try done.text(in: .standard).contains("of what is left: 0\n"))
  }

  @Test("learning from another start is another learning")
  func startsApart() throws {
    let place = try TestFolder()
    defer { withExtendedLifetime(place) {} }
    let arms = "ablation.arms=[learned, { kind: learned, start: tunedLayerFactor }]"
    let planned = try schedule(
      in: RunFolder(place.path + "/a"),
      [arms, "ablation.repetitions=1", "outer.validation.every=1"])
    // Two outer runs of three steps, validations of three before and after, and two searches.
    let learning = 3 * (1 + 2) + 2 * 3
    #expect(planned.cost { _ in true } == Double(2 * (2 * 3) + 2 * learning + 2 * 3 * 3))
  }

  @Test("what is measured for a choice is paid for")
  func measurements() throws {
    let place = try TestFolder()
    defer { withExtendedLifetime(place) {} }
    let arms =
      "ablation.arms=[tunedCurvature, tunedGradientMagnitude, { kind: learned, start: asWritten }]"
    let found = try ablation(
      in: RunFolder(place.path + "/a"),
      [
        arms, "ablation.repetitions=1", "rates.initial=gradientMagnitude",
        "rates.initial.batches=5",
      ])
    // Eight batches of a model of two tensors for each candidate of one run of three steps.
    let curvature = found.arms[0][0]
    #expect(curvature.products % (8 * 2) == 0 && curvature.products > 0)
    #expect(curvature.gradients == curvature.products / 16 * (8 + 3))
    #expect(found.arms[1][0].gradients % (8 + 3) == 0 && found.arms[1][0].products == 0)
    #expect(found.arms[2][0].gradients == 5 + 3 + 2 * 3)
  }

  @Test("rates that were chosen once are tested after runs of any length")
  func horizons() throws {
    let place = try TestFolder()
    defer { withExtendedLifetime(place) {} }
    let usual = try ablation(in: RunFolder(place.path + "/a"))
    let folder = RunFolder(place.path + "/b")
    let found = try ablation(in: folder, ["ablation.horizons=[6, 3]"])
    #expect(found.comparisons.map(\.steps) == [6, 3])
    for (arm, same) in zip(found.arms, usual.arms) {
      #expect(arm.map(\.choice) == same.map(\.choice) && arm.map(\.budget) == same.map(\.budget))
      #expect(arm.map { $0.tests[1] } == same.map { $0.tests[0] })
      #expect(arm[0].tests[0].curve.steps == Array(0...6))
      #expect(arm[0].tests[0].objectives != arm[0].tests[1].objectives)
    }
    // One run of a length is what a configuration says that validates after as many steps.
    let longer = try ablation(
      in: RunFolder(place.path + "/c"),
      ["ablation.arms=[asWritten, tunedUniform]", "outer.validation.steps=6"])
    let written = try ablation(
      in: folder, ["ablation.arms=[asWritten, tunedUniform]", "ablation.horizons=[6, 3]"])
    #expect(written.arms[0].map { $0.tests[0] } == longer.arms[0].map { $0.tests[0] })
    let page = found.markdown
    #expect(
      page.contains("## Test runs of 6 steps\n") && page.contains("## Test runs of 3 steps\n"))
    #expect(page.contains("of each of 6 and 3 steps; everything is chosen by runs of 3 steps."))
    let lines = found.csv.split(separator: "\n")
    #expect(lines.count == 1 + 2 * 3 * 2 * 3 && lines[1].hasPrefix("tuned uniform,1,6,4,0,"))
    #expect(try found.write(to: folder).count == 1 + 2 * 3)
    let costs = try ["[6, 3]", "none"].map { horizons in
      try schedule(in: RunFolder(place.path + "/d"), ["ablation.horizons=\(horizons)"])
        .cost { _ in true }
    }
    #expect(abs(costs[0] - costs[1] - Double(3 * 2 * 3 * 6)) < 1e-6)
    #expect(throws: (any Error).self) {
      try ablation(
        in: RunFolder(place.path + "/e"),
        ["ablation.horizons=[6]", "outer.objective={ weights: [1, 1, 1] }"])
    }
  }

  @Test("verdicts at several horizons are those of one family")
  func familyOfHorizons() throws {
    let place = try TestFolder()
    defer { withExtendedLifetime(place) {} }
    let found = try ablation(
      in: RunFolder(place.path + "/a"), ["ablation.horizons=[3, 6]", "ablation.repetitions=3"])
    let family = ComparisonFamily(
      found.comparisons.flatMap { $0.differences.map(\.difference.loss) })
    #expect(family.pValues.count == 4)
    let words = family.outcomes.map(\.rawValue)
    #expect(found.comparisons.flatMap { $0.differences.map(\.verdict) } == words)
    #expect(found.comparisons.flatMap { $0.differences.map(\.pValue) } == family.pValues)
    let apart = found.comparisons.flatMap { comparison in
      ComparisonFamily(comparison.differences.map(\.difference.loss)).pValues
    }
    #expect(apart != family.pValues)
    #expect(found.markdown.contains("adjusted for 4 comparisons"))
  }

  @Test("learning that comes to a number that is not finite ends, and the ablation goes on")
  func overflows() throws {
    let place = try TestFolder()
    defer { withExtendedLifetime(place) {} }
    let found = try ablation(
      in: RunFolder(place.path + "/a"),
      [
        "ablation.arms=[{ kind: learned, start: asWritten, with: { rates.initial.rate: 1e38 } }, tunedUniform]",
        "outer.validation.every=1",
      ]
    )
    #expect(found.arms.map { $0.count } == [2, 2])
    #expect(found.arms[0].allSatisfy { $0.choice.contains("learning ended at step 1, where ") })
    #expect(found.arms[0].allSatisfy { $0.tests[0].objectives.allSatisfy { $0 == .infinity } })
    #expect(found.arms[1].allSatisfy { $0.tests[0].objectives.allSatisfy(\.isFinite) })
  }

  @Test("arms that call themselves alike are told apart")
  func namesApart() throws {
    let place = try TestFolder()
    defer { withExtendedLifetime(place) {} }
    let found = try ablation(
      in: RunFolder(place.path + "/a"),
      [
        "ablation.arms=[{ kind: learned, with: { outer.tasks: 2 } }, tunedUniform, { kind: tunedUniform, with: { outer.tasks: 2 } }, learned]",
        "ablation.repetitions=1",
      ])
    #expect(
      found.arms.map { $0[0].name } == [
        "learned per layer (tasks 2)", "tuned uniform", "tuned uniform (tasks 2)",
        "learned per layer",
      ])
  }

  @Test("a range is not widened beyond what is allowed")
  func staysWithin() throws {
    let place = try TestFolder()
    defer { withExtendedLifetime(place) {} }
    let found = try ablation(
      in: RunFolder(place.path + "/a"),
      [
        "ablation.arms=[{ kind: tuned, over: { inner.optimizer.momentum: log(0.5..0.99) }, candidates: 3 }, tunedUniform]",
        "inner.optimizer=momentum", "ablation.repetitions=1",
      ])
    #expect(found.arms[0][0].gradients % (3 * 3) == 0)
    let momentum = found.arms[0][0].choice.split(separator: " ").last.flatMap { Double($0) }
    #expect(try #require(momentum) < 1)
  }

  @Test("runs that are compared by another loss than their last have no uses")
  func otherObjectives() throws {
    let place = try TestFolder()
    defer { withExtendedLifetime(place) {} }
    let found = try ablation(in: RunFolder(place.path + "/a"), ["outer.objective=mean"])
    #expect(!found.markdown.contains("break even"))
    #expect(try ablation(in: RunFolder(place.path + "/b")).markdown.contains("break even"))
  }

  @Test("tables and figures are written beside the cells")
  func files() throws {
    let place = try TestFolder()
    defer { withExtendedLifetime(place) {} }
    let folder = RunFolder(place.path + "/a")
    let ablation = try ablation(in: folder)
    let drawn = try ablation.write(to: folder)
    // Two repetitions have no intervals, and so no figure of them.
    #expect(drawn.count == 3)
    for name in ["test-losses", "performance-profiles", "inner-curves"] {
      // Pictures themselves take gnuplot.
      for ending in ["csv", "gp"] {
        #expect(FileManager.default.fileExists(atPath: "\(folder.figures)/\(name).\(ending)"))
      }
    }
    #expect(ablation.markdown.contains("interquartile mean"))
    #expect(!ablation.markdown.contains("95 % interval"))
  }

  @Test("a repetition is the configuration with other seeds, and with other test rows")
  func repetitions() throws {
    let base = try shortConfiguration(configuration)
    #expect(base.repeated(0) == base)
    let second = base.repeated(1)
    #expect((second.seed, second.task.splitSeed) == (5, 1))
    let sinusoids = try shortConfiguration("seed: 4", task: "sinusoid").repeated(1)
    #expect(sinusoids.seed == 5 && sinusoids.task.splitSeed == nil)

    let place = try TestFolder()
    defer { withExtendedLifetime(place) {} }
    let folder = RunFolder(place.path + "/a")
    let cells = try ablation(in: folder).arms[0]
    #expect(Set(cells[0].tests[0].objectives).isDisjoint(with: cells[1].tests[0].objectives))
  }

  private func cells(_ name: String, _ losses: [[Double?]]) throws -> [AblationCell] {
    try losses.map { losses in
      let numbers = losses.map { $0.map { "\($0)" } ?? "null" }.joined(separator: ", ")
      let json = """
        {"name": "\(name)", "choice": "", "method": "", "gradients": 1, "products": 0,
         "hasOwnWeights": false, "hasTuned": false, "seconds": 1,
         "tests": [{"losses": [\(numbers)], "accuracies": [],
           "curve": {"steps": [0, 1], "means": [1, 1], "lows": [1, 1], "highs": [1, 1]}}]}
        """
      return try JSONDecoder().decode(AblationCell.self, from: Data(json.utf8))
    }
  }

  private func difference(
    _ first: [[Double?]], _ second: [[Double?]], margin: Double? = nil
  ) throws -> ArmDifference {
    ArmDifference(
      TestedArm(try cells("a", first), horizon: 0), TestedArm(try cells("b", second), horizon: 0),
      margin: margin, generator: RandomStream(seed: 0, purpose: "sign flips"))
  }

  private func verdicts(_ differences: [ArmDifference]) -> [String] {
    JudgedDifference.family(differences).map(\.verdict)
  }

  private func verdict(
    _ first: [[Double?]], _ second: [[Double?]], margin: Double? = nil
  ) throws -> String {
    verdicts([try difference(first, second, margin: margin)])[0]
  }

  @Test("the unit is the repetition, by Student's t")
  func unit() throws {
    // Means differ by 1, 2 and 3: 2 ± 4.30265 · 1/√3.
    let found = try difference([[2, 2], [3, 3], [4, 4]], [[0, 2], [0, 2], [1, 1]])
    #expect(found.loss.count == 3 && found.loss.estimate == 2 && found.wins == 0)
    #expect(abs(found.loss.interval.upperBound - (2 + 4.30265 / 3.0.squareRoot())) < 1e-4)
    #expect(
      verdicts([found])[0] == "undecided" && found.hasInterval
        && !found.loss.canReject)
  }

  @Test("verdicts follow from intervals, and nothing is equal without a margin")
  func verdicts() throws {
    let (low, high) = ([[1.0], [1.1], [0.9]] as [[Double?]], [[5.0], [5.0], [5.0]] as [[Double?]])
    #expect(try verdict(low, high) == "lower")
    #expect(try verdict(high, low) == "higher")
    let near: [[Double?]] = [[1.01], [1.09], [0.9]]
    #expect(try verdict(low, near) == "undecided")
    #expect(try verdict(low, near, margin: 0.5) == "equal within 0.5000")
    #expect(try verdict(low, near, margin: 0.001) == "undecided")
    #expect(try verdict(low, high, margin: 10) == "lower, within 10.00")
  }

  @Test("verdicts of an ablation are those of a family")
  func families() throws {
    // scipy.stats.ttest_rel gives p = 0.0002 and 0.0057; ten times the latter is above 5 %.
    let low = [[1.0], [1.1], [0.9]] as [[Double?]]
    let clear = try difference(low, [[5.0], [5.0], [5.0]])
    let close = try difference(low, [[1.10], [1.22], [1.03]])
    #expect(verdicts([close]) == ["lower"])
    #expect(verdicts([clear, close]) == ["lower", "lower"])
    let undecided = [String](repeating: "undecided", count: 10)
    #expect(
      verdicts([clear] + [ArmDifference](repeating: close, count: 10))
        == ["lower"] + undecided)
  }

  @Test("one repetition, and repetitions that are all one, have no interval")
  func descriptions() throws {
    for losses in [[[1.0, 2]], [[1, 2], [1, 2], [1, 2]]] as [[[Double?]]] {
      let found = try difference(losses, losses.map { $0.map { $0! + 1 } })
      #expect(
        !found.hasInterval && !found.loss.canReject && verdicts([found])[0] == "—")
    }
  }

  @Test("p-values are there from six repetitions on, which can reject")
  func probabilities() throws {
    for count in [5, 6] {
      let losses = (0..<count).map { [Double($0)] as [Double?] }
      let worse = losses.enumerated().map { [$1[0]! + 1 + Double($0) / 10] as [Double?] }
      #expect(try difference(losses, worse).loss.canReject == (count == 6))
    }
  }

  @Test("a diverged run makes its repetition the worst, and is not dropped")
  func divergence() throws {
    let bad: [[Double?]] = [[1, nil], [1, 1], [1, 1], [1, 1], [1, 1], [1, 1]]
    let good = [[Double?]](repeating: [2, 2], count: 6)
    let found = try difference(bad, good)
    #expect(found.loss.firstDivergedCount == 1 && found.loss.estimand == .median)
    #expect(found.wins == 5)
    // An arm that diverges in every repetition is worse, and the difference infinite.
    let always = [[Double?]](repeating: [1, nil], count: 3)
    #expect(try verdict(always, Array(good.prefix(3))) == "higher")
    #expect(try verdict(Array(good.prefix(3)), always) == "lower")
  }
}
