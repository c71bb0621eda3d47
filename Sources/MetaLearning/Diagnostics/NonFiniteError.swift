/// A number that stopped the outer loop.
public struct NonFiniteError: Error, Equatable, CustomStringConvertible {
  /// The outer step that was being done, counted from 1.
  public let step: Int
  /// The inner step that it happened in, counted from 1, where that is known.
  public var innerStep: Int?
  /// What is not finite: a tensor of an inner step, or a tensor's hypergradient.
  public let place: String
  /// The first value that is not finite.
  public let value: Double
  /// How it came about, where that is known.
  public var cause: String?

  /// One sentence: what was found, where, and what to do.
  public var description: String {
    "outer step \(step): \(place) is \(value.isNaN ? "not a number" : "\(value)")"
      + "\(cause.map { " (\($0))" } ?? ""): lower the rates or the outer "
      + "rate (of rates that adapt, inner.online.metaRate), shorten inner.steps, or clip "
      + "gradients"
  }
}
