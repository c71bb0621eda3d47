/// A value of the objective that theory gives for a task: a closed form, or the least value of one.
public struct ReferenceValue: Sendable, Equatable {
  /// Whose value it is, such as "best constant rate per parameter".
  public var name: String
  /// The expected objective.
  public var value: Double

  /// A value under a name.
  public init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}
