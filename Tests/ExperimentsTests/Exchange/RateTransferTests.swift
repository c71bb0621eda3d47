import Checkpoints
import Configurations
import Experiments
import Foundation
import HDF5Files
import MetaLearning
import TensorPrograms
import TestSupport
import Testing

@Suite("Rates of another network")
struct RateTransferTests {
  private typealias Problem = InnerProblem<SinusoidTask<MultilayerPerceptron>>
  private struct NoTask: Error {}

  /// A perceptron's problem, without anything learned.
  private func problem(_ hidden: String, _ lines: String) throws -> (RunConfiguration, Problem) {
    let configuration = try shortConfiguration(
      "precision: double\nmodel: { hidden: \(hidden) }\n" + lines, task: "sinusoid")
    guard let task = try configuration.makeTask() as? SinusoidTask<MultilayerPerceptron> else {
      throw NoTask()
    }
    return (configuration, try configuration.problem(task))
  }

  /// A checkpoint of a network of two hidden units, whose rates are given tensor by tensor.
  private func file(
    in folder: TestFolder, rates: [[Double]], inner: String = "{ steps: 4 }",
    time: String = "constant"
  ) throws -> String {
    let (configuration, problem) = try problem(
      "[2]",
      "inner: \(inner)\nrates: { granularity: parameter, parameterization: direct, time: \(time) }\n"
    )
    let layout = TrainingLayout(problem, specification: configuration.outer)
    var learned = try problem.initialLearned(configuration.outer, seed: 0)
    learned.rates = zip(rates, problem.rates.types).map { Tensor($0, $1) }
    let tree = TrainingCheckpoint(
      configuration: configuration.canonicalJSON, provenance: "{}", seed: 0,
      state: OuterState(
        step: 1, learned: learned,
        optimizer: configuration.outer.optimizer.initialState(like: learned)),
      initialRates: problem.rates.expanded(learned.rates),
      model: ModelTensors(
        weights: problem.initialWeights(role: .training, seed: 0, index: 0))
    ).tree(layout)
    let path = "\(folder.path)/checkpoint.h5"
    try HDF5Image.encode(CheckpointSeal.checkpoint.sealing(tree).tree).write(to: path)
    return path
  }

  /// Rates of weights [1, 2], bias [2], weights [2, 1], bias [1], whose means are 0.02, 0.3, 4, 50.
  private let known = [[0.01, 0.04], [0.3, 0.3], [2, 8], [50.0]]

  /// Effective rates of another network that start from the file.
  private func transferred(
    _ path: String, _ settings: String, to hidden: String, inner: String = "{ steps: 4 }",
    time: String = "constant"
  ) throws -> [[Double]] {
    let (_, problem) = try problem(
      hidden,
      """
      inner: \(inner)
      rates:
        granularity: parameter
        parameterization: direct
        time: \(time)
        initial: { kind: checkpoint, file: \(path), state: last, \(settings) }

      """)
    return problem.rates.expanded(try problem.initialRates(seed: 0)).map(\.doubles)
  }

  private func agree(_ found: [[Double]], _ expected: [[Double]]) -> Bool {
    found.map(\.count) == expected.map(\.count)
      && zip(found.joined(), expected.joined()).allSatisfy { abs($0 - $1) <= 1e-12 * abs($1) }
  }

  private func repeated(_ numbers: [(Double, Int)]) -> [[Double]] {
    numbers.map { [Double](repeating: $0, count: $1) }
  }

  @Test("by tensor, all parameters of a tensor have the geometric mean, whatever its width")
  func tensors() throws {
    let folder = try TestFolder()
    let path = try file(in: folder, rates: known)
    let found = try transferred(path, "by: tensor", to: "[3]")
    #expect(agree(found, repeated([(0.02, 3), (0.3, 3), (4, 3), (50, 1)])))
  }

  @Test("by output unit, each unit keeps its own")
  func units() throws {
    let folder = try TestFolder()
    let path = try file(in: folder, rates: known)
    let found = try transferred(path, "by: outputUnit", to: "[2]")
    #expect(agree(found, [[0.01, 0.04], [0.3, 0.3], [4, 4], [50]]))
  }

  @Test("other depths: first for first, last for last, between on lines between logarithms")
  func depths() throws {
    let folder = try TestFolder()
    let path = try file(in: folder, rates: known)
    let found = try transferred(path, "by: tensor", to: "[2, 2]")
    let (weights, biases) = ((0.02 * 4).squareRoot(), (0.3 * 50).squareRoot())
    #expect(
      agree(
        found, repeated([(0.02, 2), (0.3, 2), (weights, 4), (biases, 2), (4, 2), (50, 1)])))
  }

  @Test("by layer, weights and biases are one")
  func layers() throws {
    let folder = try TestFolder()
    let path = try file(in: folder, rates: [[0.01, 0.01], [0.04, 0.04], [2, 2], [2]])
    let found = try transferred(path, "by: layer", to: "[4]")
    #expect(agree(found, repeated([(0.02, 4), (0.02, 4), (2, 4), (2, 1)])))
  }

  @Test("widths: gradient descent and Adam each follow their row of the table")
  func widths() throws {
    let folder = try TestFolder()
    for (optimizer, factors) in [
      ("sgd", [2, 2, 0.5, 1]), ("momentum", [2, 2, 0.5, 1]), ("adam", [1, 1, 0.5, 1]),
    ] {
      let inner = "{ steps: 4, optimizer: \(optimizer) }"
      let path = try file(in: folder, rates: known, inner: inner)
      let found = try transferred(path, "by: tensor, widths: muP", to: "[4]", inner: inner)
      let means = zip([0.02, 0.3, 4, 50], factors).map { $0 * $1 }
      #expect(agree(found, repeated(Array(zip(means, [4, 4, 4, 1])))))
    }
  }

  @Test("horizons are stretched: rates of the first and the last step stay theirs")
  func horizons() throws {
    let folder = try TestFolder()
    func steps(_ rates: [Double], _ count: Int) -> [Double] {
      rates.flatMap { [Double](repeating: $0, count: count) }
    }
    let rates = [1.0, 2, 4, 8]
    let path = try file(
      in: folder, rates: [2, 2, 2, 1].map { steps(rates, $0) }, time: "step")
    let found = try transferred(
      path, "by: tensor", to: "[3]", inner: "{ steps: 7 }", time: "step")
    let stretched = (0..<7).map { pow(2, 0.5 * Double($0)) }
    #expect(agree(found, [3, 3, 3, 1].map { steps(stretched, $0) }))
  }

  @Test(
    "what does not correspond is refused with what to write instead",
    arguments: [
      ("by: outputUnit", "[3]", "sgd", "by: tensor"),
      ("by: outputUnit", "[2, 2]", "sgd", "by: tensor"),
      ("by: tensor, widths: muP", "[3]", "adamw", "widths keep"),
      ("by: tensor, widths: muP", "[3]", "lamb", "expected sgd, momentum, nesterov or adam"),
      ("by: tensor, widths: muP", "[3, 3]", "sgd", "another depth"),
      ("widths: muP", "[2]", "sgd", "no other widths"),
      ("by: parameter", "[3]", "sgd", "rates.initial.by"),
    ])
  func refused(_ settings: String, _ hidden: String, _ optimizer: String, _ words: String) throws {
    let folder = try TestFolder()
    let path = try file(in: folder, rates: known)
    let error = #expect(throws: (any Error).self) {
      _ = try transferred(
        path, settings, to: hidden, inner: "{ steps: 4, optimizer: \(optimizer) }")
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains(words))
  }

  @Test("rates of different signs have no mean to transfer")
  func signs() throws {
    let folder = try TestFolder()
    let path = try file(in: folder, rates: [[0.01, -0.04], [0.3, 0.3], [2, 8], [50]])
    let error = #expect(throws: RateError.self) {
      _ = try transferred(path, "by: tensor", to: "[3]")
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("no geometric mean (-0.04 among others)"))
  }
}
