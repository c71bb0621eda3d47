import MetaLearning
import Settings

/// How often a run is saved; it is saved when it ends or stops as well.
public struct CheckpointConfiguration: Sendable, Equatable {
  /// What lies between checkpoints.
  public enum Interval: Sendable, Equatable {
    /// Outer steps.
    case steps(Int)
    /// Seconds, and a step under way.
    case seconds(Double)
  }

  /// What lies between checkpoints.
  public var every: Interval

  /// Half a minute, unless said otherwise.
  public init(every: Interval = .seconds(30)) { self.every = every }
}

extension CheckpointConfiguration: Configurable {
  /// The interval between checkpoints.
  public static let schema = Schema<Self>(
    "how often a run is saved",
    Setting(
      "every", \.every,
      .either(
        .integer(), or: "seconds", .number(.positive), first: { .steps($0) },
        second: { .seconds($0) },
        parts: { interval in
          switch interval {
          case .steps(let steps): (steps, nil)
          case .seconds(let seconds): (nil, seconds)
          }
        }),
      unit: "outer steps", "what lies between two checkpoints; one is kept at the end as well"))
}

/// A state of a checkpoint that something starts from.
public struct CheckpointReference: Sendable, Equatable {
  /// The file.
  public var file: String
  /// Which of its states.
  public var state: LearnedState

  /// The best state of a file, unless said otherwise.
  public init(file: String, state: LearnedState = .best) {
    self.file = file
    self.state = state
  }
}

extension Setting<CheckpointReference> {
  /// The file, which must be written.
  package static var file: Setting {
    Setting(
      "file", \.file, .file("a checkpoint's path"), "the checkpoint's path", mustBeWritten: true)
  }

  /// The state.
  package static var state: Setting {
    Setting("state", \.state, .word("a state"), "the best by validation, or the last")
  }
}

extension Form<CheckpointReference?> {
  /// `specified`, or a checkpoint with its file and state.
  static var scalars: Form {
    .choice(
      "initial scalars",
      [
        Alternative("specified", nil, "the numbers that the optimizer's settings say"),
        Alternative(
          "checkpoint", CheckpointReference(file: "checkpoint.h5"),
          "the numbers that a checkpoint learned", .file, .state, value: { $0 }, payload: { $0 }),
      ])
  }
}

extension Form<InitialWeights> {
  /// A word, or a checkpoint with its file and state.
  static var initialWeights: Form {
    .choice(
      "initial weights",
      [
        Alternative("fresh", .fresh, "drawn anew for each run"),
        Alternative("fixed", .fixed, "the same for all runs"),
        Alternative(
          "checkpoint", CheckpointReference(file: "checkpoint.h5"),
          "those that a checkpoint learned, for all runs", .file, .state,
          value: { .given(source: $0.file, state: $0.state) },
          payload: {
            if case .given(let file, let state) = $0 {
              CheckpointReference(file: file, state: state)
            } else {
              nil
            }
          }),
        Alternative(
          "file", WeightsFile(file: "weights.safetensors"),
          "those of somebody else's file, for all runs", list: WeightsFile.settings,
          value: { .arrays($0) },
          payload: { if case .arrays(let file) = $0 { file } else { nil } }),
      ])
  }
}
