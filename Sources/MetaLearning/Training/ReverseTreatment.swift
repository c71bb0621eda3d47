/// What a reverse sweep takes for constants; by default nothing, so that it is exact.
public struct ReverseTreatment: Sendable, Equatable {
  /// The last steps that are differentiated: weights, state, rates and scalars of those before are
  /// constants; nil for all.
  public var window: Int?
  /// Whether every gradient of the inner steps is a constant.
  public var isFirstOrder: Bool

  /// Nothing, unless said otherwise.
  public init(window: Int? = nil, isFirstOrder: Bool = false) {
    self.window = window
    self.isFirstOrder = isFirstOrder
  }
}
