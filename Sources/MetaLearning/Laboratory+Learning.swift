import Settings

extension Laboratory {
  /// What the project learns with, a line each: everything but tasks, and what reads files.
  public static let learning: Laboratory = {
    var laboratory = Laboratory()
    laboratory.models.add(
      PerceptronKind(),
      ResidualPerceptronKind(),
      ConvolutionalKind(),
      ResidualNetworkKind(),
      TransformerKind(),
      RecurrentKind(),
      LinearRegression(),
      LogisticRegression(),
      LayeredKind())
    laboratory.models.refused = ["quadratic": "not supported in this version"]
    laboratory.layers.add(
      DenseLayer(),
      ConvolutionLayer(),
      EmbeddingLayer(),
      PositionsLayer(),
      AttentionLayer(),
      GRULayer(),
      LSTMLayer(),
      BatchNormalizationLayer(),
      LayerNormalizationLayer(),
      GroupNormalizationLayer(),
      RMSNormalizationLayer(),
      MaximumPoolingLayer(),
      AveragePoolingLayer(),
      ActivationLayer(),
      DropoutLayer(),
      FlatLayer(),
      SequenceLayer(),
      MeanLayer(),
      LastLayer(),
      ResidualLayer(),
      RepeatedLayers())
    laboratory.optimizers.add(
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
    laboratory.transformations.add(
      GlobalNormClip(limit: 1),
      ValueClip(limit: 1),
      TensorNormClip(limit: 1),
      GradientNormalization(),
      CoupledWeightDecay(rate: 1e-4))
    laboratory.schedules.add(
      ConstantSchedule(),
      StepSchedule(),
      ExponentialSchedule(decay: 0.99),
      CosineSchedule(),
      WarmupSchedule(),
      CoarseToFineSchedule(),
      SequenceSchedule([.init(WarmupSchedule(), steps: 10), .init(CosineSchedule())]))
    laboratory.initialRates.add(
      UniformRates(),
      LayerFactorRates(factor: 1),
      GradientMagnitudeRates(),
      CurvatureRates())
    laboratory.estimators.add(
      ReverseEstimator(),
      TruncatedEstimator(),
      ForwardEstimator(),
      DiagonalForwardEstimator(),
      ForwardGradientEstimator(),
      OnlineEstimator(),
      EvolutionEstimator(),
      FirstOrderEstimator())
    laboratory.estimators.refused = [
      "finiteDifferences":
        "they are for checks; write `metarate hypergradient CONFIG --against finiteDifferences`",
      "implicit":
        "by implicit differentiation the rates' hypergradient at a fixed point is identically "
        + "zero, as the fixed point does not depend on them; `metarate hypergradient CONFIG "
        + "--estimator implicit` shows it for coupled weight decay",
    ]
    return laboratory
  }()
}
