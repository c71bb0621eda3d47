/// A family of kinds, such as the optimizers, beside whose protocol it is declared:
/// ```swift
/// extension Family<any HypergradientEstimator> {
///   /// Ways to hypergradients.
///   public static var estimators: Self { Family("an estimator") { $0 } }
/// }
/// ```
public struct Family<Member: Sendable>: Sendable {
  /// What its members are, with the article: `an optimizer`.
  public let noun: String
  /// Keys that stand beside those of the kinds, so that no kind may have them.
  let reserved: Set<String>
  /// A member as a kind, which the compiler checks that all are.
  let kind: @Sendable (Member) -> any Kind

  /// A family; `Member` is the existential of a protocol that refines `Kind`, and `kind` is `{ $0
  /// }`. A type has one family: laboratories tell families apart by it.
  ///
  /// - Parameters:
  ///   - noun: what its members are, with the article: `an optimizer`.
  ///   - reserved: keys that stand beside those of the kinds somewhere, as `rate` does beside an
  ///     outer optimizer's.
  ///   - kind: `{ $0 }`, by which the compiler checks that members are kinds.
  public init(
    _ noun: String, reserved: Set<String> = [], _ kind: @escaping @Sendable (Member) -> any Kind
  ) {
    self.noun = noun
    self.reserved = reserved.union(["kind"])
    self.kind = kind
  }

  /// A member as it is written.
  func node(
    _ member: Member, adding entries: [(String, ConfigurationNode)] = []
  ) -> ConfigurationNode {
    let kind = kind(member)
    return .kind(kind.word, entries + kind.entries)
  }
}

extension Kind {
  /// Members of values rather than of types, so that they can be called on `any Kind`.
  var keys: [String] { Self.schema.keys }
  var entries: [(String, ConfigurationNode)] { Self.schema.entries(self) }
}
