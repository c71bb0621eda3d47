/// Which parameters share a learning rate.
public enum Granularity: Sendable, Equatable {
  /// One rate.
  case global
  /// base · factor^index, index 0 nearest the input; the index counts layers or tensors.
  case layerFactor(index: LayerIndex)
  /// One rate a layer.
  case layer
  /// One rate a tensor.
  case tensor
  /// One rate an output unit: the tensor's last axis.
  case row
  /// One rate a parameter.
  case parameter
}

/// What the exponent of a layer factor counts.
public enum LayerIndex: String, Sendable, CaseIterable {
  /// Tensors: a weight and its bias have different exponents.
  case tensor
  /// Layers with parameters.
  case layer
}

/// How rates change over the inner steps.
public enum RateTime: Sendable, Equatable {
  /// Not at all.
  case constant
  /// One rate for so many steps at a time.
  case window(Int)
  /// One rate a step.
  case step
}

/// What effective rates are before anything is learned.
public enum InitialRates: Sendable, Equatable {
  /// The same everywhere.
  case uniform(rate: Double)
  /// base · factor^index, index 0 nearest the input, counting layers unless the granularity is
  /// `layerFactor` and says otherwise.
  case layerFactor(base: Double, factor: Double)
  /// In inverse proportion to the root mean square of gradients over the first steps of one run,
  /// with the given median over the parameters, and within a hundred times it either way, as some
  /// gradients are always zero.
  case gradientMagnitude(median: Double, batches: Int)
  /// Effective rates from elsewhere, such as a state of a checkpoint, named by `source`.
  case given(source: String, state: LearnedState = .best)
}

/// What the learning rates of a model are: every combination is an exact restriction of one rate a
/// parameter and step, so that baselines are the same program with fewer degrees of freedom.
public struct RateSpecification: Sendable, Equatable {
  /// Which parameters share a rate.
  public var granularity: Granularity
  /// How rates change over the inner steps.
  public var time: RateTime
  /// How trainable numbers become rates.
  public var parameterization: Parameterization
  /// Where learning starts.
  public var initial: InitialRates

  /// One rate a parameter, constant, in log space, from 0.1, unless said otherwise.
  public init(
    granularity: Granularity = .parameter, time: RateTime = .constant,
    parameterization: Parameterization = .log, initial: InitialRates = .uniform(rate: 0.1)
  ) {
    self.granularity = granularity
    self.time = time
    self.parameterization = parameterization
    self.initial = initial
  }
}
