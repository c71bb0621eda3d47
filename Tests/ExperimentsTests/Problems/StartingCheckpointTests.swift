import Checkpoints
import Configurations
import Experiments
import Foundation
import HDF5Files
import MetaLearning
import TensorPrograms
import TestSupport
import Testing

@Suite("Starting from checkpoints")
struct StartingCheckpointTests {
  private static let lines = """
    precision: double
    inner: { optimizer: { kind: momentum, momentum: 0.9 } }
    rates: { granularity: { kind: layerFactor, index: tensor }, initial: { kind: layerFactor, base: 0.2, factor: 0.5 } }
    outer: { learn: [rates, initialWeights, optimizerScalars] }

    """
  private let paths = ["000_dense/weight", "000_dense/bias", "001_dense/weight", "001_dense/bias"]

  /// A small perceptron's problem.
  private func problem(
    _ lines: String, hidden: String = "[3]"
  ) throws -> (RunConfiguration, InnerProblem<SinusoidTask<MultilayerPerceptron>>) {
    let configuration = try shortConfiguration(
      "model: { hidden: \(hidden) }\n" + lines, task: "sinusoid")
    guard let task = try configuration.makeTask() as? SinusoidTask<MultilayerPerceptron>
    else { throw NoTask() }
    return (configuration, try configuration.problem(task))
  }

  private struct NoTask: Error {}

  private func agrees(_ first: Double, _ second: Double) -> Bool {
    abs(first - second) <= 1e-12 * max(1, abs(first), abs(second))
  }

  /// A file whose last state is 7 steps after its best; `isOld` leaves out what release 0.1.0 did.
  private func file(
    in folder: TestFolder, isOld: Bool = false, lines: String = Self.lines,
    best: ([Tensor]) -> [Tensor] = { $0 }
  ) throws -> String {
    let (configuration, problem) = try problem(lines)
    let layout = TrainingLayout(problem, specification: configuration.outer)
    let start = try problem.initialLearned(configuration.outer, seed: 0)
    func moved(_ step: Double) -> Learned {
      Learned(
        rates: start.rates.map { $0 + 0.1 * step },
        initialWeights: start.initialWeights.map { $0 + step },
        scalars: start.scalars.map { $0 + 0.1 * step })
    }
    var ofBest = moved(1)
    ofBest.rates = best(ofBest.rates)
    let state = OuterState(
      step: 10, learned: moved(3),
      optimizer: configuration.outer.optimizer.initialState(like: start),
      best: OuterState.Best(step: 3, objective: 0.25, learned: ofBest))
    var tree = TrainingCheckpoint(
      configuration: configuration.canonicalJSON, provenance: "{}", seed: 0, state: state,
      initialRates: problem.rates.expanded(start.rates),
      model: ModelTensors(weights: state.learned.initialWeights)
    ).tree(layout)
    if isOld {
      for group in [BestDatasets.rates, BestDatasets.scalars, "/rates_initial"] {
        for item in tree.datasets(under: group) { tree["\(group)/\(item.path)"] = nil }
      }
      tree[TrainingCheckpoint.order] = nil
    }
    let path = "\(folder.path)/checkpoint.h5"
    try HDF5Image.encode(CheckpointSeal.checkpoint.sealing(tree).tree).write(to: path)
    return path
  }

  @Test(
    "rates, weights and scalars come from the state that is asked for", arguments: [true, false])
  func states(_ isOld: Bool) throws {
    let folder = try TestFolder()
    let path = try file(in: folder, isOld: isOld)
    let (_, original) = try problem(Self.lines)
    let start = try original.initialRates(seed: 0)
    let weights = original.initialWeights(role: .training, seed: 0, index: 0)
    for (state, step) in [(LearnedState.best, 1.0), (.last, 3)] {
      let value = "{ kind: checkpoint, file: \(path), state: \(state.rawValue) }"
      let (configuration, started) = try problem(
        """
        precision: double
        inner: { optimizer: momentum, scalars: \(value) }
        rates: { initial: \(value), granularity: tensor }
        outer: { initialWeights: \(value) }

        """)
      let rates = started.rates.expanded(try started.initialRates(seed: 0))
      let expected = original.rates.expanded(start.map { $0 + 0.1 * step })
      #expect(
        zip(rates.flatMap(\.doubles), expected.flatMap(\.doubles)).allSatisfy { agrees($0, $1) })
      #expect(started.givenWeights?.map(\.doubles) == weights.map { ($0 + step).doubles })
      let momentum = try original.step.scalars.unconstrained(.float64)[0] + 0.1 * step
      #expect(agrees(started.scalars[0].scalar, momentum.sigmoid().scalar))
      let notes = try configuration.prepared(started.task).startNotes
      #expect(notes.count == 3)
      #expect(
        notes.allSatisfy {
          $0.hasSuffix(
            state == .best
              ? "its best state by validation, outer step 3" : "its last state, outer step 10")
        })
    }
  }

  @Test("what a file has and nobody asks for is said, with the keys that ask for it")
  func unused() throws {
    let folder = try TestFolder()
    let path = try file(in: folder)
    let (configuration, started) = try problem(
      "inner: { optimizer: momentum }\nrates: { initial: { kind: checkpoint, file: \(path) } }")
    let notes = try configuration.prepared(started.task).startNotes
    #expect(
      notes == [
        "rates start from \(path): its best state by validation, outer step 3",
        "\(path) has learned initial weights too, which are not used; to start from them set "
          + "outer.initialWeights={kind: checkpoint, file: \(path), state: best}",
        "\(path) has learned scalars too, which are not used; to start from them set "
          + "inner.scalars={kind: checkpoint, file: \(path), state: best}",
      ])
  }

  @Test("a file without a best state gives its last one, and says so")
  func withoutBest() throws {
    let folder = try TestFolder()
    let path = try file(in: folder)
    var tree = try HDF5Image.decode(path: path)
    for item in tree.datasets(under: "/progress/best") { tree["/progress/best/\(item.path)"] = nil }
    try HDF5Image.encode(CheckpointSeal.checkpoint.sealing(tree).tree).write(to: path)
    let (configuration, started) = try problem(
      "inner: { optimizer: momentum }\nrates: { initial: { kind: checkpoint, file: \(path) } }")
    #expect(
      try configuration.prepared(started.task).startNotes[0]
        == "rates start from \(path): its last state, outer step 10, as no state of it is known to "
        + "be the best by validation")
  }

  @Test("what is another model's is refused")
  func refusals() throws {
    let folder = try TestFolder()
    let path = try file(in: folder)
    let value = "{ kind: checkpoint, file: \(path) }"
    func refusal(_ lines: String, hidden: String = "[3]") -> String? {
      do {
        let (_, started) = try problem(lines, hidden: hidden)
        _ = try started.initialRates(seed: 0)
        return nil
      } catch {
        return "\(error)"
      }
    }
    #expect(
      refusal("outer: { initialWeights: \(value) }\ninner: { optimizer: adam, scalars: \(value) }")?
        .contains("found the scalars momentum, expected beta1, beta2") == true)
    #expect(
      refusal("inner: { optimizer: sgd, scalars: \(value) }")?
        .contains("remove inner.scalars") == true)
    for (hidden, part) in [
      ("[3, 3]", "found no rates for 002_dense/weight"),
      ("[]", "found rates for 001_dense/bias, which this model does not have"),
      ("[4]", "have shape [1, 3], the model's weights [1, 4]"),
    ] {
      let refused = refusal("rates: { initial: \(value) }", hidden: hidden)
      #expect(refused?.contains(part) == true, "\(refused ?? "nothing")")
      #expect(refusal("outer: { initialWeights: \(value) }", hidden: hidden) != nil)
    }
    var tree = try HDF5Image.decode(path: path)
    tree[group: "/model"].attributes["weights"] = .string("trained in validation run 0")
    try HDF5Image.encode(CheckpointSeal.checkpoint.sealing(tree).tree).write(to: path)
    #expect(
      refusal("outer: { initialWeights: \(value) }")?
        .contains("runs that drew their own initial weights") == true)
  }

  /// The tensors' order decides layer factors that count tensors: weights come before biases.
  @Test("inspection knows what moved, in new files and old ones", arguments: [true, false])
  func inspection(_ isOld: Bool) throws {
    let folder = try TestFolder()
    let path = try file(in: folder, isOld: isOld)
    var tree = try HDF5Image.decode(path: path)
    // Rates as learning started: nothing moved.
    let (_, original) = try problem(Self.lines)
    let start = original.rates.expanded(try original.initialRates(seed: 0))
    for (name, rates) in zip(paths, start) { tree["/rates/\(name)"] = HDF5Dataset(rates) }
    try HDF5Image.encode(CheckpointSeal.checkpoint.sealing(tree).tree).write(to: path)
    let text = try Inspection.text(ofFile: path, in: .standard).text
    let tables = text.components(separatedBy: "last state: outer step 10")
    #expect(tables.count == 2)
    #expect(
      tables[0].contains("best state by validation: outer step 3, validation objective 0.2500"))
    let rows = tables[1].split(separator: "\n").filter { $0.contains("_dense/") }
    #expect(rows.count == 4)
    #expect(rows.allSatisfy { $0.contains("  0.0 %     0.0 %") }, "\(tables[1])")
    let best = tables[0].components(separatedBy: "best state by validation:")[1]
    #expect(best.split(separator: "\n").filter { $0.contains("100.0 %") }.count == 4)
  }

  @Test("rates of the same terms go on as all of their numbers")
  func sameTerms() throws {
    let folder = try TestFolder()
    func lines(_ initial: String, _ offset: String = "granularity: parameter, decay: 0.1") -> String
    {
      """
      precision: double
      inner: { steps: 6 }
      rates: { granularity: tensor, time: { kind: knots, count: 3 }, terms: [base, { \(offset) }]\(initial) }

      """
    }
    func best(_ rates: [Tensor]) -> [Tensor] {
      var rates = rates
      // The first weight's own numbers, [1, 3].
      rates[4] = rates[4] + Tensor([0, 0.1, 0.2], rates[4].type)
      return rates
    }
    let path = try file(in: folder, lines: lines(""), best: best)
    let (_, original) = try problem(lines(""))
    let initial = ", initial: { kind: checkpoint, file: \(path) }"
    let (_, started) = try problem(lines(initial))
    let expected = best(try original.initialRates(seed: 0).map { $0 + 0.1 })
    #expect(try started.initialRates(seed: 0).map(\.doubles) == expected.map(\.doubles))
    // A base alone cannot have what offsets of single parameters were.
    let (_, other) = try problem(lines(initial, "granularity: inputUnit, decay: 0.1"))
    let error = #expect(throws: RateError.self) { try other.initialRates(seed: 0) }
    #expect("\(error!)".hasPrefix("rates.initial, from \(path): "), "\(error!)")
  }

  @Test("rows of time are read by the steps that they were learned for")
  func times() throws {
    let folder = try TestFolder()
    func lines(_ time: String, _ initial: String = "") -> String {
      """
      precision: double
      inner: { steps: 6 }
      rates: { time: \(time)\(initial) }
      outer: { optimizer: { kind: adam, rate: 0.1 } }

      """
    }
    func window(_ steps: Int) -> String { "{ kind: window, steps: \(steps) }" }
    let path = try file(in: folder, lines: lines(window(2))) { rates in
      rates.map { tensor in
        .stack([0.1, 0.2, 0.3].map { Tensor(repeating: log($0), tensor[0].type) })
      }
    }
    func rows(_ time: String) throws -> [Double] {
      let (_, started) = try problem(
        lines(time, ", initial: { kind: checkpoint, file: \(path) }"))
      let numbers = started.rates.expanded(try started.initialRates(seed: 0))[1]
      return (0..<numbers.shape[0]).map { (numbers[$0].doubles[0] * 1000).rounded() }
    }
    #expect(try rows(window(2)) == [100, 200, 300])
    #expect(try rows("step") == [100, 100, 200, 200, 300, 300])
    #expect(try rows(window(1)) == [100, 100, 200, 200, 300, 300])
    let error = #expect(throws: DataError.self) { try rows(window(3)) }
    #expect("\(error!)".contains("rates that change within windows of 3 steps"), "\(error!)")
  }
}
