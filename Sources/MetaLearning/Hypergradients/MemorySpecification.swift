import Settings

/// What a hypergradient may keep: by a policy, or by whichever policy fits into a limit.
public enum MemorySpecification: Sendable, Hashable, CustomStringConvertible {
  /// What the reverse sweep keeps.
  case policy(UnrollMemory)
  /// Whichever policy is fastest with no more than so many bytes in all: see
  /// `InnerProblem.planned(_:for:)`.
  case limit(bytes: Int)

  /// For example `segments` or `at most 2 GiB`.
  public var description: String {
    switch self {
    case .policy(let policy): policy.description
    case .limit(let bytes): "at most \(ByteCount(bytes))"
    }
  }
}

extension Form<MemorySpecification> {
  /// A policy, or a limit such as `2 GiB`.
  public static var memory: Form {
    let units = Suggestion.list(ByteCount.units.map(\.name))
    return .choice(
      "a memory policy",
      [
        Alternative("storeAll", .policy(.storeAll), "every intermediate value"),
        Alternative("everyStep", .policy(.everyStep), "weights and state of every step"),
        Alternative(
          "segments", .policy(.segments), "the state of every √T-th step, and a segment's values"),
        Alternative(
          "binomial", 1, "the states of so many steps at a time",
          Setting(
            "snapshots", \.self, .integer(), unit: "states", "states that are kept at a time",
            mustBeWritten: true),
          value: { .policy(.binomial(snapshots: $0)) },
          payload: { if case .policy(.binomial(let snapshots)) = $0 { snapshots } else { nil } }),
      ],
      or: TextForm(
        otherwise: "or a limit such as 2 GiB",
        isMeant: { $0.first.map { $0.isNumber || "+-.".contains($0) } ?? false },
        read: { text in
          ByteCount(text).flatMap { $0.bytes > 0 ? .limit(bytes: $0.bytes) : nil }
        },
        write: { if case .limit(let bytes) = $0 { ByteCount(bytes).description } else { nil } },
        advice: "a limit is a number above 0 and a unit: \(units)",
        adviceForNumbers: "add a unit: \(units)"))
  }
}
