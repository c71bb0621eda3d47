import Checkpoints
import Configurations
import Foundation
import HDF5Files
import MetaLearning
import Reports
import Settings
import TensorPrograms

/// The effective rates that a checkpoint holds, those that learning started from among them.
struct RecordedRates {
  /// One state of a run.
  struct State {
    /// Outer steps behind it.
    let step: Int
    /// Its validation objective where it is known to be the best by validation.
    let objective: Double?
    /// Whether it is the last state, too or alone.
    let isLast: Bool
    /// Effective rates, tensor by tensor; a time axis first where they change over time.
    let rates: [Tensor]
  }

  let path: String
  let configuration: RunConfiguration
  /// Parameter tensors in the model's order.
  let names: [String]
  /// Effective rates that learning started from, tensor by tensor.
  let initial: [Tensor]
  /// The best state by validation, where one is known, and the last one, where the file has it.
  let states: [State]

  /// Reads a checkpoint whose seal is proven.
  ///
  /// - Parameter laboratory: the kinds that its configuration may name.
  init(_ tree: HDF5Tree, _ path: String, _ laboratory: Laboratory) throws {
    self.path = path
    configuration = try RunConfiguration(
      json: TrainingCheckpoint.configuration(of: tree), in: laboratory)
    names =
      try TrainingCheckpoint.parameterOrder(of: tree)
      ?? Self.usualOrder(tree.datasets(under: "/model").map(\.path))
    guard !names.isEmpty else {
      throw CheckpointError.damaged(path: path, found: "no tensors", expected: "those of a model")
    }
    let kept = try names.compactMap { try tree["/rates_initial/\($0)"]?.tensor(at: $0) }
    if kept.count == names.count {
      initial = kept
    } else {
      // Release 0.1.0 kept initial rates only where the configuration alone does not tell them.
      let layout = try Self.layout(tree, configuration, names)
      func refuse<Measured>(_ batches: Int) throws -> Measured {
        throw CheckpointError.damaged(
          path: path, found: "no rates that learning started from",
          expected: "them in /rates_initial, as they followed from gradients")
      }
      initial = layout.expanded(
        try configuration.rates.initial.unconstrained(
          RateStart(layout: layout, gradientMeanSquares: refuse, gradientCurvatures: refuse)))
    }
    states = try Self.states(tree, configuration, names)
  }

  /// The order in which the models of release 0.1.0 visit their tensors, which its files do not
  /// say: layer by layer, weights and scales before biases and offsets.
  private static func usualOrder(_ paths: [String]) -> [String] {
    func key(_ path: String) -> (layer: String, rank: Int) {
      let parts = path.split(separator: "/")
      let isFirst = ["weight", "scale"].contains(parts.last)
      return (parts.dropLast().joined(separator: "/"), isFirst ? 0 : 1)
    }
    // Paths come in the order of their bytes, which decides between equals.
    return paths.enumerated().sorted { left, right in
      let (a, b) = (key(left.element), key(right.element))
      if a.layer != b.layer { return a.layer.utf8.lexicographicallyPrecedes(b.layer.utf8) }
      return (a.rank, left.offset) < (b.rank, right.offset)
    }.map(\.element)
  }

  private static func layout(
    _ tree: HDF5Tree, _ configuration: RunConfiguration, _ names: [String]
  ) throws -> RateLayout {
    let model = try names.map { name in
      (name: name, tensor: try tree.dataset(at: "/model/\(name)").tensor(at: name))
    }
    return RateLayout(
      configuration.rates, parameters: ParameterLayout(NamedTensors(model)),
      steps: configuration.inner.steps)
  }

  private static func states(
    _ tree: HDF5Tree, _ configuration: RunConfiguration, _ names: [String]
  ) throws -> [State] {
    func rates(under group: String) throws -> [Tensor] {
      try names.map { try tree.dataset(at: "\(group)/\($0)").tensor(at: "\(group)/\($0)") }
    }
    let step = Int(try tree.elements(of: Int64.self, at: "/progress/outer_step", shape: [])[0])
    guard tree[BestDatasets.step] != nil else {
      return [State(step: step, objective: nil, isLast: true, rates: try rates(under: "/rates"))]
    }
    let best = Int(try tree.elements(of: Int64.self, at: BestDatasets.step, shape: [])[0])
    let objective = try tree.elements(of: Double.self, at: BestDatasets.objective, shape: [])[0]
    let isBestAlone = TrainingCheckpoint.holdsBestAlone(tree)
    let ofBest: [Tensor]
    if isBestAlone {
      ofBest = try rates(under: "/rates")
    } else if tree.datasets(under: BestDatasets.rates).isEmpty {
      // Release 0.1.0 kept the best state's unconstrained numbers alone.
      let layout = try layout(tree, configuration, names)
      ofBest = layout.expanded(
        try zip(layout.names, layout.types).map { name, type in
          let place = "\(BestDatasets.unconstrainedRates)/\(name)"
          return try tree.dataset(at: place).tensor(of: type, at: place)
        })
    } else {
      ofBest = try rates(under: BestDatasets.rates)
    }
    let last = try rates(under: "/rates")
    // Of one step there may be two: an average over steps is another state than the last.
    guard best != step || zip(ofBest, last).contains(where: { $0.doubles != $1.doubles }) else {
      return [State(step: best, objective: objective, isLast: !isBestAlone, rates: ofBest)]
    }
    return [
      State(step: best, objective: objective, isLast: false, rates: ofBest),
      State(step: step, objective: nil, isLast: true, rates: last),
    ]
  }
}

extension RecordedRates.State {
  /// Which state it is, in words.
  var text: String {
    guard let objective else {
      return "last state: outer step \(step)"
    }
    let which = step == 0 ? "outer step 0, before learning" : "outer step \(step)"
    return "best state by validation: \(which), validation objective \(Format.number(objective))"
      + (isLast ? "; it is the last state too" : "")
  }
}
