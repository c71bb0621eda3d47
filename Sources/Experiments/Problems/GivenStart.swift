import Checkpoints
import Configurations
import HDF5Files
import MetaLearning
import TensorPrograms

/// What an inner problem takes from files besides rates: initial weights and scalars, nil what it does
/// not; and what is to be said of it.
struct GivenStart {
  private(set) var weights: [Tensor]?
  private(set) var scalars: [Tensor]?
  /// What was taken from where, and what was there and left.
  private(set) var notes: [String] = []

  /// What a configuration asks for.
  ///
  /// - Parameters:
  ///   - wanted: the checkpoints to start from.
  ///   - fresh: freshly drawn weights, drawn where a file has not all.
  ///   - scalarLayout: the inner step's scalars, derived where they are asked for.
  /// - Throws: errors of files that cannot be read or are another model's.
  init(
    _ configuration: RunConfiguration, _ wanted: [(part: Part, reference: CheckpointReference)],
    parameters: ParameterLayout, fresh: @autoclosure () -> [Tensor],
    scalarLayout: @autoclosure () -> ScalarLayout
  ) throws {
    let scalar = configuration.scalarType
    if case .arrays(let source) = configuration.outer.initialWeights {
      let found = try ForeignWeights(source, for: parameters)
      weights = found.tensors(fresh: fresh)
      notes += found.notes
    }
    for (part, reference) in wanted {
      let file = try StartingCheckpoint(reference)
      do {
        switch part {
        // Initial rates read their file themselves, where they are wanted.
        case .rates: break
        case .weights: weights = try file.weights(parameters, as: scalar)
        case .scalars: scalars = try file.scalars(scalarLayout(), as: scalar)
        }
      } catch let error as HDF5Error {
        throw CheckpointError.unreadable(path: reference.file, error)
      }
      notes.append("\(part.rawValue) start from \(reference.file): \(file.stateText)")
      notes += unused(file, reference, wanted.map(\.part))
    }
  }

  /// Says aloud what a file has learned and nobody asked for, once.
  private func unused(
    _ file: StartingCheckpoint, _ reference: CheckpointReference, _ wanted: [Part]
  ) -> [String] {
    file.learnedBesidesRates.compactMap { learned in
      let part = Part.allCases.first { $0.key == learned.key }
      guard let part, !wanted.contains(part) else { return nil }
      let note =
        "\(reference.file) has \(learned.what) too, which are not used; to start from them set "
        + "\(learned.key)={kind: checkpoint, file: \(reference.file), "
        + "state: \(reference.state.rawValue)}"
      return notes.contains(note) ? nil : note
    }
  }

  /// What can come from a checkpoint.
  enum Part: String, CaseIterable {
    case rates
    case weights = "initial weights"
    case scalars

    /// The key that asks for it.
    var key: String {
      switch self {
      case .rates: "rates.initial"
      case .weights: "outer.initialWeights"
      case .scalars: "inner.scalars"
      }
    }
  }
}

extension RunConfiguration {
  /// The checkpoints that a run starts from.
  func references(
    withRates: Bool
  ) -> [(part: GivenStart.Part, reference: CheckpointReference)] {
    var references: [(GivenStart.Part, CheckpointReference)] = []
    if withRates, let (file, state) = rates.initial.checkpoint {
      references.append((.rates, CheckpointReference(file: file, state: state)))
    }
    if case .given(let file, let state) = outer.initialWeights {
      references.append((.weights, CheckpointReference(file: file, state: state)))
    }
    if let initialScalars { references.append((.scalars, initialScalars)) }
    return references
  }
}
