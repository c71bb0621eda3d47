import Checkpoints
import Foundation
import HDF5Files
import MetaLearning
import TensorPrograms
import Testing

@Suite struct TrainingCheckpointTests {
  private struct Pair: ParameterStructure {
    var weight = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    var bias = Tensor([0.5, 0.25, 0.125] as [Float])
    mutating func visit(
      _ path: ParameterPath, _ body: (ParameterPath, inout Tensor) throws -> Void
    ) rethrows {
      try body(path / "000_dense" / "weight", &weight)
      try body(path / "000_dense" / "bias", &bias)
    }
  }

  private func layout(_ learn: [LearnTarget], _ steps: Int = 4) -> TrainingLayout {
    TrainingLayout(
      rates: RateLayout(
        RateSpecification(granularity: .outputUnit, time: .step),
        parameters: ParameterLayout(Pair()),
        steps: steps),
      specification: OuterSpecification(learning: .hypergradients(learn)))
  }

  private func state(_ layout: TrainingLayout) -> OuterState {
    func filled(_ types: [TensorType], _ start: Double) -> [Tensor] {
      types.enumerated().map { index, type in
        Tensor((0..<type.shape.count).map { start + Double(index) + 0.5 * Double($0) }, type)
      }
    }
    let initial = layout.sharesInitialWeights ? Pair().tensors : []
    let learned = Learned(rates: filled(layout.rates.types, -3), initialWeights: initial)
    let targets = learned.restricted(to: Set(layout.learn))
    let slots = zip(layout.optimizerSlots, [1.0, 7]).map { name, start in
      OptimizerState<Learned>.Slot(
        name, targets.replacingTensors(filled(targets.tensors.map(\.type), start)))
    }
    return OuterState(
      step: 12, learned: learned, optimizer: OptimizerState(slots),
      best: OuterState.Best(
        step: 10, objective: 0.25,
        learned: Learned(rates: filled(layout.rates.types, -2), initialWeights: initial)))
  }

  private func tree(_ layout: TrainingLayout) -> HDF5Tree {
    TrainingCheckpoint(
      configuration: "{}", provenance: "{}", seed: .max, state: state(layout),
      initialRates: layout.rates.expanded(layout.rates.types.map { .zeros($0) }),
      model: ModelTensors(weights: Pair().tensors)
    ).tree(layout)
  }

  /// The best state is a file of its own: what readers open is that state's, and where learning
  /// started and the tensors' order are in every file.
  @Test(arguments: [[LearnTarget.rates], [.rates, .initialWeights]])
  func theBestStateIsACheckpoint(_ learn: [LearnTarget]) throws {
    let layout = layout(learn)
    let checkpoint = TrainingCheckpoint(
      configuration: "{}", provenance: "{}", seed: 3, state: state(layout),
      initialRates: layout.rates.expanded(layout.rates.types.map { .zeros($0) }),
      model: ModelTensors(weights: Pair().tensors))
    let best = try #require(
      checkpoint.best { state in
        #expect(state.step == 10 && state.inner == nil)
        let shared = state.learned.initialWeights
        return ModelTensors(weights: shared.isEmpty ? Pair().tensors.map { $0 * 2 } : shared)
      })
    let tree = try HDF5Image.decode(HDF5Image.encode(best.tree(layout)))
    let last = try HDF5Image.decode(HDF5Image.encode(checkpoint.tree(layout)))
    #expect(tree[group: "/"].attributes["state"] == .string("best"))
    #expect(last[group: "/"].attributes["state"] == .string("last"))
    #expect(try tree.elements(of: Int64.self, at: "/progress/outer_step") == [10])
    for name in ["000_dense/weight", "000_dense/bias"] {
      for group in ["/rates", "/rates_raw"] {
        #expect(tree["\(group)/\(name)"]?.bytes == last["/progress/best\(group)/\(name)"]?.bytes)
        #expect(tree["\(group)/\(name)"]?.bytes != last["\(group)/\(name)"]?.bytes)
      }
      #expect(last["/rates_initial/\(name)"]?.bytes == tree["/rates_initial/\(name)"]?.bytes)
      #expect(last["/rates_initial/\(name)"] != nil)
    }
    #expect(tree["/outer_optimizer/first_moment/rates/000_dense/weight"] == nil)
    let order = ["000_dense/weight", "000_dense/bias"]
    #expect(try TrainingCheckpoint.parameterOrder(of: tree) == order)
    #expect(try TrainingCheckpoint.parameterOrder(of: last) == order)
    var old = last
    old[TrainingCheckpoint.order] = nil
    #expect(try TrainingCheckpoint.parameterOrder(of: old) == nil)
    var none = state(layout)
    none.best = nil
    #expect(
      TrainingCheckpoint(
        configuration: "{}", provenance: "{}", seed: 3, state: none, initialRates: [],
        model: ModelTensors(weights: [])
      ).best { _ in ModelTensors(weights: []) }?.seed == nil)
  }

  @Test(arguments: [[LearnTarget.rates], [.initialWeights], [.rates, .initialWeights]])
  func statesComeBack(_ learn: [LearnTarget]) throws {
    let layout = layout(learn)
    let decoded = try HDF5Image.decode(HDF5Image.encode(tree(layout)))
    let found = try TrainingCheckpoint.state(of: decoded, layout, seed: .max)
    let expected = state(layout)
    #expect(found.step == 12 && found.best?.step == 10 && found.best?.objective == 0.25)
    func bits(_ state: OuterState) -> [[Double]] {
      let best = state.best?.learned
      return (state.learned.tensors + state.optimizer.tensors + best.tensors).map(\.doubles)
    }
    #expect(bits(found) == bits(expected))
    #expect(found.optimizer.slots.map(\.name) == layout.optimizerSlots)
    #expect(try TrainingCheckpoint.configuration(of: decoded) == "{}")
    // Effective rates are there for readers: e^unconstrained, in the weights' shape behind the
    // steps.
    let rates = try decoded.elements(
      of: Float.self, at: "/rates/000_dense/weight", shape: [4, 2, 3])
    #expect(abs(Double(rates[0]) - Foundation.exp(-3)) < 1e-6)
  }

  /// A state of another shape, with a missing tensor or a number that is not finite never loads.
  @Test func unsuitableStatesAreErrors() throws {
    let good = tree(layout([.rates]))
    #expect(throws: HDF5Error.self) {
      try TrainingCheckpoint.state(of: good, layout([.rates], 5), seed: .max)
    }
    for path in [
      "/rates_raw/000_dense/bias", "/outer_optimizer/first_moment/rates/000_dense/bias",
      "/progress/outer_step",
    ] {
      var missing = good
      missing[path] = nil
      #expect(throws: HDF5Error.self) {
        try TrainingCheckpoint.state(of: missing, layout([.rates]), seed: .max)
      }
    }
    var infinite = good
    infinite["/rates_raw/000_dense/bias"] = HDF5Dataset(
      [Float](repeating: .infinity, count: 12), shape: [4, 3])
    #expect(throws: HDF5Error.self) {
      try TrainingCheckpoint.state(of: infinite, layout([.rates]), seed: .max)
    }
  }

  /// A state whose seal is right and which no run can have come to.
  @Test func inconsistentStatesAreErrors() throws {
    let layout = self.layout([.rates])
    let good = tree(layout)
    let moment = "/outer_optimizer/second_moment/rates/000_dense/bias"
    let shape = try #require(good[moment]?.shape)
    let changes: [(String, HDF5Dataset)] = [
      ("/random/seed", HDF5Dataset(scalar: Int64(4))),
      ("/progress/best/outer_step", HDF5Dataset(scalar: Int64(13))),
      ("/progress/best/objective", HDF5Dataset(scalar: Double.nan)),
      (moment, HDF5Dataset([Float](repeating: -1e-30, count: shape.reduce(1, *)), shape: shape)),
    ]
    for (path, value) in changes {
      var bad = good
      bad[path] = value
      let error = #expect(throws: HDF5Error.self) {
        try TrainingCheckpoint.state(of: bad, layout, seed: .max)
      }
      #expect(error?.path == path && error?.kind == .invalid)
    }
    var other = good
    other[group: "/"].attributes["outer_step"] = .integer(11)
    let error = #expect(throws: HDF5Error.self) {
      try TrainingCheckpoint.state(of: other, layout, seed: .max)
    }
    #expect(error?.path == "/progress/outer_step")
  }
}

@Suite struct TrajectoryTests {
  @Test func historiesComeBackAndAreCut() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("trajectory.h5").path
    let paths = [ParameterPath(["000_dense", "weight"])]
    var trajectory = Trajectory(paths: paths)
    for step in 0...12 {
      let rates = Tensor([0.1, 0.2 + Double(step)])
      trajectory.append(
        Trajectory.Row(
          step: step, objective: 1 / Double(step + 1), hypergradientNorm: 2,
          validation: step % 5 == 0 ? 0.5 : nil, seconds: Double(step),
          statistics: [RateStatistics(rates.doubles, parameterization: .direct, typical: 0.1)]),
        rates: [rates])
    }
    try trajectory.save(to: path)
    var found = try Trajectory.load(from: path, paths: paths)
    #expect(found.rows.count == 13 && found.rows[7].objective == 1.0 / 8)
    #expect(found.rows[5].validation == 0.5 && found.rows[6].validation == nil)
    #expect(found.rows[3].statistics == trajectory.rows[3].statistics)
    #expect(found.snapshots.map(\.step) == [0, 1, 2, 5, 10])
    found.truncate(after: 4)
    #expect(found.rows.count == 5 && found.snapshots.map(\.step) == [0, 1, 2])
    // A heading, the validation of the start, four steps.
    #expect(found.csv.split(separator: "\n").count == 6)
  }

  /// Steps with and without diagnostics; what is cut and continued is what was never cut.
  @Test func diagnosticsComeBackAndAreCut() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("trajectory.h5").path
    func bytes() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }
    let rates = [Tensor([0.1, 0.2])]
    func append(_ steps: ClosedRange<Int>, to trajectory: inout Trajectory) {
      for step in steps {
        let diagnostics = Diagnostics(
          adjointSteps: [0, 4, 8], adjointNorms: [Double(step), .infinity, 2], sharpness: 1.5,
          stabilityEdge: step == 6 ? nil : 2, fractionMoved: 0.25, fractionNegative: 0.5,
          fractionAtBound: 0, isHypergradientZero: step == 0 ? [] : [false, step == 3],
          exchange: step == 6 ? ExchangeTest(share: 0.5, exchangedShare: 0.4, pValue: 0.1) : nil)
        trajectory.append(
          Trajectory.Row(
            step: step, objective: 1, hypergradientNorm: 2, validation: nil, seconds: 3,
            statistics: [
              RateStatistics(rates[0].doubles, parameterization: .direct, typical: 0.1)
            ], diagnostics: step % 3 == 0 ? diagnostics : nil,
            averageValidation: step == 4 ? 0.25 : nil, signal: step > 4 ? [0.5, 1] : []),
          rates: rates)
      }
    }
    let paths = [ParameterPath(["000_dense", "weight"])]
    var whole = Trajectory(paths: paths)
    append(0...7, to: &whole)
    try whole.save(to: path)
    let expected = try bytes()
    for cut in [0, 2, 3, 5, 6] {
      try whole.save(to: path)
      var found = try Trajectory.load(from: path, paths: paths)
      #expect(found.rows.map(\.diagnostics) == whole.rows.map(\.diagnostics))
      #expect(found.rows.map(\.averageValidation) == whole.rows.map(\.averageValidation))
      #expect(found.rows.map(\.signal) == whole.rows.map(\.signal))
      found.truncate(after: cut)
      // Also through a file that has diagnostics of the start alone.
      try found.save(to: path)
      found = try Trajectory.load(from: path, paths: paths)
      #expect(found.rows.compactMap(\.diagnostics).count == cut / 3 + 1)
      append(cut + 1...7, to: &found)
      try found.save(to: path)
      #expect(try bytes() == expected)
      #expect(found.csv == whole.csv)
    }
    let lines = whole.csv.split(separator: "\n")
    #expect(
      lines[0].hasSuffix(
        "seconds,adjoint_growth,sharpness,stability_edge,fraction_moved,fraction_negative,"
          + "fraction_at_bound,share_within_orbits,share_exchanged,exchange_p,validation_of_average,"
          + "signal,skipped_runs"))
    #expect(lines[1].hasSuffix(",3.0,,,,,,,,,,,,"))
    #expect(lines[3].hasSuffix(",3.0,1.5,1.5,2.0,0.25,0.5,0.0,,,,,,"))
  }
}
