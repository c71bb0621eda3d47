/// Where a checkpoint keeps the best state by validation.
public enum BestDatasets {
  /// The outer steps behind it.
  public static let step = "/progress/best/outer_step"
  /// Its mean validation objective.
  public static let objective = "/progress/best/objective"
  /// Effective rates; files of release 0.1.0 have unconstrained ones alone.
  public static let rates = "/progress/best/rates"
  /// Trainable values of rates.
  public static let unconstrainedRates = "/progress/best/rates_raw"
  /// Initial weights, where runs share them.
  public static let model = "/progress/best/model"
  /// The inner step's scalars, where they are learned.
  public static let scalars = "/progress/best/scalars"
  /// Trainable values of scalars.
  public static let unconstrainedScalars = "/progress/best/scalars_raw"
}
