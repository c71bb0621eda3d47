import Settings
import TensorPrograms

/// What the reverse sweep through an inner run keeps of the forward one.
public enum MemorySpecification: Sendable, Hashable, CustomStringConvertible {
  /// Every intermediate value that it reads: fastest, memory grows with the steps.
  case storeAll
  /// The weights and the optimizer's state of every step; the rest is computed again.
  case everyStep
  /// The state at the start of every √T-th step and, one at a time, a segment's intermediate values.
  case segments
  /// The states of this many steps at a time, from which the run is advanced again as rarely as any
  /// schedule can.
  case binomial(snapshots: Int)
  /// Whichever of these is fastest with no more than so many bytes in all: see
  /// `InnerProblem.planned(for:)`.
  case limit(bytes: Int)

  /// How often the reverse sweep runs a step of the inner run again only to get to another one.
  ///
  /// The forward run comes before it, and each step's own computation for its derivative besides;
  /// neither counts. Nil for a limit, which is no policy before it is planned.
  public func advancedSteps(length: Int) -> Int? {
    switch self {
    case .storeAll, .everyStep, .segments: 0
    case .binomial(let snapshots):
      BinomialSchedule.advancedSteps(length: length, snapshots: snapshots)
    case .limit: nil
    }
  }

  /// For example `binomial with 64 snapshots` or `at most 2 GiB`.
  public var description: String {
    switch self {
    case .storeAll: "storeAll"
    case .everyStep: "everyStep"
    case .segments: "segments"
    case .binomial(let snapshots):
      "binomial with \(snapshots) snapshot\(snapshots == 1 ? "" : "s")"
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
        Alternative("storeAll", .storeAll, "every intermediate value"),
        Alternative("everyStep", .everyStep, "weights and state of every step"),
        Alternative("segments", .segments, "the state of every √T-th step, and a segment's values"),
        Alternative(
          "binomial", 1, "the states of so many steps at a time",
          Setting(
            "snapshots", \.self, .integer(), unit: "states", "states that are kept at a time",
            mustBeWritten: true),
          value: { .binomial(snapshots: $0) },
          payload: { if case .binomial(let snapshots) = $0 { snapshots } else { nil } }),
      ],
      or: TextForm(
        otherwise: "or a limit such as 2 GiB",
        isMeant: { $0.first.map { $0.isNumber || "+-.".contains($0) } ?? false },
        read: { text in
          ByteCount(text).flatMap { $0.bytes > 0 ? .limit(bytes: $0.bytes) : nil }
        },
        write: { if case .limit(let bytes) = $0 { ByteCount(bytes).description } else { nil } },
        advice: "a limit is a number above 0, a space and a unit: \(units)",
        adviceForNumbers: "add a unit: \(units)"))
  }
}
