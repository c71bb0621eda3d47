import MetaLearning
import Settings

extension Laboratory {
  /// The project's own kinds: `learning`, tasks, arms, and what reads files. A user's package adds its
  /// own to a copy.
  public static let standard: Laboratory = {
    var laboratory = learning
    laboratory.tasks.add(
      DigitsKind(),
      NoisyQuadraticKind(),
      TrackingKind(),
      SinusoidKind(),
      TeacherKind(),
      ModularAdditionKind(),
      HDF5Kind(file: "my-data.h5"))
    laboratory.tasks.refused = [
      "idx": "not supported in this version", "omniglot": "not supported in this version",
    ]
    laboratory.initialRates.add(CheckpointRates(file: "best.h5"))
    laboratory.arms.add(
      TunedUniformArm(),
      TunedWeightsAndBiasesArm(),
      TunedLayerFactorArm(),
      LearnedArm())
    return laboratory
  }()
}
