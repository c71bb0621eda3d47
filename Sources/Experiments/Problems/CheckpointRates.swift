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

  /// The word for it.
  public static let word = "checkpoint"
  /// File and state.
  public static let schema = Schema<CheckpointReference>(
    "rates that a checkpoint learned", .file, .state
  ).lifted(\Self.reference)

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
