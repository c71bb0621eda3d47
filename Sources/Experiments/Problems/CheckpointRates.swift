import Checkpoints
import Configurations
import HDF5Files
import MetaLearning
import Settings
import TensorPrograms

/// Rates that a checkpoint learned.
public struct CheckpointRates: InitialRates {
  /// The file and which of its states.
  public var reference: CheckpointReference
  /// What parameters have in common with those that rates were learned for.
  var sharing = RateTransfer.Sharing.parameter
  /// What becomes of rates where widths differ.
  var widths = RateTransfer.Widths.keep

  /// The word for it.
  public static let word = "checkpoint"
  /// File and state, and how rates are taken over.
  public static let schema = Schema<CheckpointReference>(
    "rates that a checkpoint learned", .file, .state
  ).lifted(\Self.reference).adding(
    Setting(
      "by", \.sharing, .word("what corresponds"),
      "what rates are taken over by: parameters one by one, or geometric means of output units, "
        + "tensors or layers, which may be of other widths, depths and horizons",
      isWritten: { $0.sharing != .parameter || $0.widths != .keep }),
    Setting(
      "widths", \.widths, .word("a scaling"),
      "what becomes of rates where widths differ: they are kept, or follow the maximal update "
        + "parametrization (sgd, momentum, nesterov, adam)",
      isWritten: { $0.widths != .keep })
  )

  /// The best rates of a file, unless said otherwise.
  public init(file: String, state: LearnedState = .best) {
    reference = CheckpointReference(file: file, state: state)
  }

  /// The unconstrained tensors that give them.
  ///
  /// - Throws: `DataError` and `CheckpointError` for a file that cannot be read or is another
  ///   model's, `RateError` for rates that the specification cannot give.
  public func unconstrained(_ start: RateStart) throws -> [Tensor] {
    let layout = start.layout
    do {
      let file = try StartingCheckpoint(reference)
      guard widths == .keep || sharing != .parameter else {
        throw RateError.unsupported(
          "rates.initial.widths: found \(widths.rawValue) beside by parameter, expected by outputUnit, "
            + "tensor or layer: parameters one by one have no other widths")
      }
      if sharing != .parameter {
        let transfer = RateTransfer(
          from: try file.network(), by: sharing, widths: widths)
        return try layout.unconstrained(
          givingEffective: try transfer.rates(for: layout, start.optimizer))
      }
      // The same terms have the same numbers, offsets among them.
      if let numbers = try file.unconstrainedRates(start.whole) { return numbers }
      do {
        return try layout.unconstrained(givingEffective: try file.rates(startingFor: layout))
      } catch let error as RateError {
        throw RateError.unsupported("rates.initial, from \(reference.file): \(error)")
      }
    } catch let error as HDF5Error {
      throw CheckpointError.unreadable(path: reference.file, error)
    }
  }

  /// The file's.
  public var checkpoint: (file: String, state: LearnedState)? { (reference.file, reference.state) }

  /// What the file holds is known when it is read.
  public func conflict(with rates: RateSpecification, layers: Int?) -> Conflict? { nil }
}
