import Checkpoints
import Configurations
import Foundation
import HDF5Files
import MetaLearning
import Reports
import Settings
import TensorPrograms

/// Learned rates of one state of a run, and what they can be held against.
package struct RateAnalysis: Sendable {
  /// The checkpoint.
  package let path: String
  /// What it was learned by.
  package let configuration: RunConfiguration
  /// Outer steps behind the state.
  let step: Int
  /// Which of its states, in words.
  let stateText: String
  /// The parameters and what no run tells apart among them.
  let layout: RateLayout
  /// Effective rates, tensor by tensor, a time axis first where they change over time.
  let rates: [Tensor]
  /// Those that learning started from.
  let initial: [Tensor]
  /// For each tensor, the mean logarithm over time of each parameter's rate; nil where it is not
  /// above 0 at some time.
  let logarithms: [[Double?]]
  /// How much of what tells those apart coarser rates would have.
  let variance: VarianceExplained
  /// What parameters show along one run with these rates, from its start to its end.
  let moments: [ParameterProperties]
  /// Products with random signs behind the Hessian's diagonal; nil where it is exact.
  let curvatureProbes: Int?
  /// The sharpness that training becomes unstable at, where there is such a number.
  let stabilityEdge: Double?
  /// The variance of each number that the model reads; nil where the task does not say.
  let inputVariance: [Double]?

  /// Inner steps, in fifths of a run, at which parameters are measured.
  static var momentCount: Int { 4 }

  /// Reads a checkpoint's best state by validation, or its last where none is known, and trains one
  /// run with it.
  ///
  /// - Parameter laboratory: the kinds that its configuration may name.
  package init(ofFile path: String, in laboratory: Laboratory) throws {
    let recorded = try RecordedRates(try CheckpointFile.read(path), path, laboratory)
    try self.init(recorded, try recorded.configuration.makeTask())
  }

  private init<Task: LearningTask>(_ recorded: RecordedRates, _ task: Task) throws {
    (path, configuration, initial) = (recorded.path, recorded.configuration, recorded.initial)
    let state = recorded.states[0]
    (step, stateText, rates) = (state.step, state.text, state.rates)
    let problem = try configuration.prepared(task, startsFromRates: false).problem
    layout = problem.rates
    let shapes = layout.parameters.shapes
    guard layout.parameters.paths.map(\.description) == recorded.names,
      [rates, initial].allSatisfy({ rates in
        zip(rates, shapes).allSatisfy {
          $0.shape == $1 || $0.shape.dropFirst == $1
        }
      })
    else {
      throw DataError.unsuitable(
        path: path, found: "rates of \(recorded.names.joined(separator: ", "))",
        expected: "those of the model that its configuration makes: "
          + layout.parameters.paths.map(\.description).joined(separator: ", "))
    }
    logarithms = zip(rates, layout.parameters.shapes).map { Self.logarithms($0, $1) }
    variance = VarianceExplained(logarithms, layout)

    // The rates as they are, whatever they were learned as.
    let whole = problem.training(for: configuration.evaluationSteps)
      .with(layout.perParameter)
    let file = try StartingCheckpoint(CheckpointReference(file: path, state: .best))
    let outer = configuration.outer
    let point = Hyperparameters(
      rates: try whole.rates.unconstrained(givingEffective: rates),
      initialWeights: outer.sharesInitialWeights
        ? try file.weights(layout.parameters, as: configuration.scalarType) : [],
      scalars: outer.learning.contains(.optimizerScalars)
        ? try file.scalars(whole.step.scalars, as: configuration.scalarType) : whole.scalars)
    let probe = ParameterProbe(
      whole,
      run: whole.evaluationRuns(outer, seed: configuration.seed, role: .validation, count: 1))
    let steps = whole.specification.steps
    moments = (0...Self.momentCount).map { $0 * steps / Self.momentCount }.unique
      .map { probe(after: $0, at: point) }
    (curvatureProbes, inputVariance) = (probe.probes, probe.inputVariance)
    stabilityEdge = whole.stabilityEdge(point.scalars)
  }

  private static func logarithms(_ rates: Tensor, _ shape: Shape) -> [Double?] {
    let (values, count) = (rates.doubles, shape.count)
    let rows = count == 0 ? 0 : values.count / count
    return (0..<count).map { parameter -> Double? in
      let own = (0..<rows).map { values[$0 * count + parameter] }
      guard own.allSatisfy({ $0 > 0 }) else { return nil }
      return own.reduce(0) { $0 + log($1) } / Double(rows)
    }
  }
}
