/// Which state of an earlier learning something starts from.
public enum LearnedState: String, Sendable, CaseIterable {
  /// The best by validation, the state before learning included.
  case best
  /// The one that learning ended in.
  case last
}
