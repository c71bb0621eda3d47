import Arms
import Checkpoints
import Configurations
import HDF5Files
import MetaLearning
import Settings

/// What an arm learned in one repetition, as a checkpoint for readers; nothing goes on from it.
struct CellRates {
  private let tree: HDF5Tree
  private let step: Int
  /// The validation objective, where it chose the state.
  private let score: Double?

  /// Nil where no outer loop learned what the arm chose.
  ///
  /// - Parameters:
  ///   - configuration: that of the arm in this repetition.
  ///   - provenance: what the process that learned it ran with.
  init?<Task: LearningTask>(
    _ choice: ArmChoice<Task>, _ configuration: RunConfiguration, provenance: String,
    in laboratory: Laboratory
  ) throws {
    guard let best = choice.best else { return nil }
    var configuration = try configuration.changed(choice.changes, in: laboratory)
    // What other arms did is no part of what this one learned.
    configuration.ablation = RunConfiguration.standard.ablation
    let (outer, seed) = (configuration.outer, configuration.seed)
    let loop = try OuterLoop(choice.problem, specification: outer, seed: seed, isDiagnosed: false)
    let wasChosen = best.objective.isFinite
    let state = OuterState(
      step: best.step, learned: best.learned, best: wasChosen ? best : nil)
    let whole = TrainingCheckpoint(
      configuration: configuration.canonicalJSON, provenance: provenance, seed: seed, state: state,
      initialRates: choice.problem.rates.expanded(try choice.problem.initialRates(seed: seed)),
      model: ModelTensors(loop.exampleModel(of: state)))
    let checkpoint = whole.best { _ in whole.model } ?? whole
    tree = checkpoint.tree(TrainingLayout(choice.problem, specification: outer))
    (step, score) = (best.step, wasChosen ? best.objective : nil)
  }

  func write(to path: String) throws {
    try CheckpointWriter.write(tree, outerStep: step, score: score, to: path)
  }
}
