import Arms
import Configurations
import MetaLearning
import Settings

extension Laboratory {
  /// The project's own kinds: `learning`, tasks, arms, and what reads files. A user's package adds
  /// its own to a copy.
  public static let standard: Laboratory = {
    var laboratory = learning
    laboratory.tasks.add(
      DigitsKind(),
      NoisyQuadraticKind(),
      TrackingKind(),
      SinusoidKind(),
      TeacherKind(),
      ModularAdditionKind(),
      TableKind(file: "my-data.h5"),
      SequenceKind(file: "my-text.txt"),
      FewShotKind(files: ["my-classes.h5"]))
    laboratory.tasks.refused = [
      "idx": "IDX files are tables: { kind: table, file: images.gz, targetsFile: labels.gz }",
      "csv": "CSV files are tables: { kind: table, file: my-data.csv }",
      "omniglot":
        "Omniglot's archives are for fewShot: { kind: fewShot, file: images_background.zip }",
    ]
    laboratory.initialRates.add(CheckpointRates(file: "best.h5"))
    laboratory.arms.add(
      AsWrittenArm(),
      TunedArm(over: [.log("rates.initial.rate", 0.01...3)]),
      TunedUniformArm(),
      TunedWeightsAndBiasesArm(),
      TunedLayerFactorArm(),
      TunedMomentumArm(),
      TunedAdamArm(),
      TunedAdamWArm(),
      TunedCurvatureArm(),
      TunedGradientMagnitudeArm(),
      LearnedArm(),
      ControlArm())
    return laboratory
  }()
}

extension ResolvedConfiguration {
  /// Reads a file that names standard kinds alone, and changes it as overrides such as
  /// `inner.steps=50` say, in their order.
  ///
  /// Example: `try ResolvedConfiguration.load(path: "digits.yaml", overrides: ["seed=3"])`.
  ///
  /// - Throws: `ConfigurationError`, of kind `unreadable` where the file is missing or unreadable.
  public static func load(
    path: String, overrides: [String] = []
  ) throws(ConfigurationError) -> ResolvedConfiguration {
    try load(path: path, overrides: overrides, in: .standard)
  }

  /// Reads a text that names standard kinds alone; `name` is what errors call it.
  public static func parse(
    yaml: String, name: String, overrides: [String] = []
  ) throws(ConfigurationError) -> ResolvedConfiguration {
    try parse(yaml: yaml, name: name, overrides: overrides, in: .standard)
  }
}
