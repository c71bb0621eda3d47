import MetaLearning
import Settings

extension Laboratory {
  /// The project's own kinds, a line each. A user's package adds its own to a copy.
  public static let standard: Laboratory = {
    var laboratory = Laboratory()
    laboratory.tasks = Kinds(
      "a task",
      DigitsKind(),
      NoisyQuadraticKind(),
      TrackingKind(),
      SinusoidKind(),
      TeacherKind(),
      ModularAdditionKind(),
      HDF5Kind(file: "my-data.h5"),
      refused: [
        "idx": "not supported in this version", "omniglot": "not supported in this version",
      ])
    laboratory.models = Kinds(
      "a model",
      PerceptronKind(),
      ResidualPerceptronKind(),
      ConvolutionalKind(),
      LinearRegression(),
      LogisticRegression(),
      LayeredKind(),
      refused: ["quadratic": "not supported in this version"])
    laboratory.layers = Kinds(
      "a layer",
      DenseLayer(),
      ConvolutionLayer(),
      BatchNormalizationLayer(),
      LayerNormalizationLayer(),
      RMSNormalizationLayer(),
      MaximumPoolingLayer(),
      ActivationLayer(),
      DropoutLayer(),
      FlatLayer())
    laboratory.optimizers = Kinds(
      "an optimizer", reserved: ["rate"],
      SGD(),
      Momentum(),
      Nesterov(),
      RMSprop(),
      AdaGrad(),
      Adam(),
      AdamW(),
      AdaBelief(),
      NAdam(),
      Lion(),
      Muon(),
      LAMB())
    laboratory.transformations = Kinds(
      "a gradient transformation",
      GlobalNormClip(limit: 1),
      ValueClip(limit: 1),
      TensorNormClip(limit: 1),
      GradientNormalization(),
      CoupledWeightDecay(rate: 1e-4))
    laboratory.schedules = Kinds(
      "a schedule", reserved: ["for"],
      ConstantSchedule(),
      StepSchedule(),
      ExponentialSchedule(decay: 0.99),
      CosineSchedule(),
      WarmupSchedule(),
      SequenceSchedule([.init(WarmupSchedule(), steps: 10), .init(CosineSchedule())]))
    laboratory.initialRates = Kinds(
      "an initial value",
      UniformRates(),
      LayerFactorRates(factor: 1),
      GradientMagnitudeRates(),
      CheckpointRates(file: "best.h5"))
    laboratory.estimators = Kinds(
      "an estimator",
      ReverseEstimator(),
      TruncatedEstimator(),
      ForwardEstimator(),
      DiagonalForwardEstimator(),
      ForwardGradientEstimator(),
      OnlineEstimator(),
      EvolutionEstimator(),
      FirstOrderEstimator(),
      refused: [
        "finiteDifferences":
          "they are for checks; write `metarate hypergradient CONFIG --against finiteDifferences`",
        "implicit":
          "by implicit differentiation the rates' hypergradient at a fixed point is identically "
          + "zero, as the fixed point does not depend on them; `metarate hypergradient CONFIG "
          + "--estimator implicit` shows it for coupled weight decay",
      ])
    laboratory.arms = Kinds(
      "an arm",
      TunedUniformArm(),
      TunedWeightsAndBiasesArm(),
      TunedLayerFactorArm(),
      LearnedArm())
    return laboratory
  }()
}
