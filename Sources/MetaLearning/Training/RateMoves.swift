import TensorPrograms

/// The slot in which a step keeps how far it has moved its rates from those that the run was given,
/// so that a run can be differentiated with respect to where they start.
enum RateMoves {
  static var name: String { "rate_moves" }

  /// Rates with their moves, and the state from which moves begin at 0 again.
  static func adapted(
    _ rates: [Tensor], _ state: TrainingState
  ) -> (rates: [Tensor], state: TrainingState) {
    let moves = state.adaptation[name]
    var next = state
    next.adaptation[name] = moves.map { .zeros($0.type) }
    return (zip(rates, moves).map { $0 + $1 }, next)
  }
}
