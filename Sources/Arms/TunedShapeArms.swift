import MetaLearning
import Settings

// Rates whose proportions are measured rather than learned; what multiplies them all is tuned.

/// Hessian-informed rates for each tensor, gᵀg / gᵀHg, at their best scale.
public struct TunedCurvatureArm: AblationArm {
  /// The word for it.
  public static let word = "tunedCurvature"
  /// No settings: the search is that of all tuned arms.
  public static let schema = Schema<Self>(
    "Hessian-informed rates for each tensor, gᵀg / gᵀHg, at their best scale")

  /// Hessian-informed rates.
  public init() {}

  /// Rates for each tensor by curvature.
  public var implied: [Change] {
    [
      Change("rates.granularity", .text("tensor")), Change("rates.time", .text("constant")),
      Change("rates.parameterization", .text("log")),
      Change("rates.initial", .text(CurvatureRates.word)),
    ]
  }

  /// What multiplies the rates.
  public func searched(_ search: TuningConfiguration) -> [SearchedSetting] {
    [.log("rates.initial.scale", 0.01...3)]
  }

  /// As many candidates as a search of these settings has.
  public func expectedBudget<Task: LearningTask>(_ bench: ArmBench<Task>) -> Budget? {
    bench.costOfSearching(searched(bench.search))
  }

  /// The scale with the lowest validation loss.
  public func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>? {
    try bench.tuned(searched(bench.search), named: "tuned Hessian-informed")
  }
}

/// Rates in inverse proportion to each parameter's gradients, at their best median.
public struct TunedGradientMagnitudeArm: AblationArm {
  /// The word for it.
  public static let word = "tunedGradientMagnitude"
  /// No settings: the search is that of all tuned arms.
  public static let schema = Schema<Self>(
    "rates in inverse proportion to each parameter's gradients, at their best median")

  /// Gradient-magnitude rates.
  public init() {}

  /// Rates for each parameter by its gradients.
  public var implied: [Change] {
    [
      Change("rates.granularity", .text("parameter")), Change("rates.time", .text("constant")),
      Change("rates.parameterization", .text("log")),
      Change("rates.initial", .text(GradientMagnitudeRates.word)),
    ]
  }

  /// The median rate.
  public func searched(_ search: TuningConfiguration) -> [SearchedSetting] {
    [.log("rates.initial.median", search.lowest...search.highest)]
  }

  /// As many candidates as a search of these settings has.
  public func expectedBudget<Task: LearningTask>(_ bench: ArmBench<Task>) -> Budget? {
    bench.costOfSearching(searched(bench.search))
  }

  /// The median with the lowest validation loss.
  public func choose<Task: LearningTask>(_ bench: ArmBench<Task>) throws -> ArmChoice<Task>? {
    try bench.tuned(searched(bench.search), named: "tuned gradient-magnitude")
  }
}
