/// Where a checkpoint keeps the best state by validation.
package enum BestDatasets {
  /// The outer steps behind it.
  package static let step = "/progress/best/outer_step"
  /// Its mean validation objective.
  package static let objective = "/progress/best/objective"
  /// Effective rates; files of release 0.1.0 have raw ones alone.
  package static let rates = "/progress/best/rates"
  /// Trainable values of rates.
  package static let rawRates = "/progress/best/rates_raw"
  /// Initial weights, where runs share them.
  package static let model = "/progress/best/model"
  /// The inner step's scalars, where they are learned.
  package static let scalars = "/progress/best/scalars"
  /// Trainable values of scalars.
  package static let rawScalars = "/progress/best/scalars_raw"
}
