/// Units of a model that an axis runs over. Axes of the same units belong together: whoever exchanges
/// two of the units exchanges them along all of these axes.
public struct Units: Sendable, Hashable {
  /// What each of several parts of an axis runs over, outermost first: positions × channels.
  public struct Part: Sendable, Hashable {
    /// Which units; nil for what cannot be exchanged, such as positions of an image.
    public let name: String?
    /// How many.
    public let count: Int
  }

  /// One for most axes.
  public let parts: [Part]

  /// So many units of a name.
  public init(_ name: String, _ count: Int) { parts = [Part(name: name, count: count)] }

  init(parts: [Part]) { self.parts = parts }

  /// How long an axis over them is.
  public var count: Int { parts.reduce(1) { $0 * $1.count } }

  /// The units at each of so many positions, one position after the other.
  public func atPositions(_ positions: Int) -> Units {
    positions == 1 ? self : Units(parts: [Part(name: nil, count: positions)] + parts)
  }

  /// The same units by names of their own within something.
  func within(_ place: String) -> Units {
    Units(parts: parts.map { Part(name: $0.name.map { "\($0) of \(place)" }, count: $0.count) })
  }

  /// The same units, some of whose parts have become others.
  func replacing(_ replaced: [String: [Part]]) -> Units {
    replaced.isEmpty
      ? self : Units(parts: parts.flatMap { part in part.name.flatMap { replaced[$0] } ?? [part] })
  }

  /// What the model reads.
  public static let inputs = "inputs"
  /// What the model answers with.
  public static let targets = "targets"
}
