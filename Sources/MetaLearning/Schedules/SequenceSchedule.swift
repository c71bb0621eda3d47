import Settings

/// One schedule after another, each counting its own time; the last takes all steps that are left.
public struct SequenceSchedule: Schedule {
  /// A schedule of a sequence and how many steps it lasts.
  public struct Part: Sendable {
    /// What multiplies the rates.
    public var schedule: any Schedule
    /// For how many steps; nil for all that are left, which only the last part may take.
    public var steps: Int?

    /// A part of the given length.
    public init(_ schedule: any Schedule, steps: Int? = nil) {
      self.schedule = schedule
      self.steps = steps
    }
  }

  /// At least one; all but the last say how long they last.
  public var parts: [Part]

  /// The word for it.
  public static let word = "sequence"
  /// What it is, and its parts.
  public static let schema = Schema<Self>(
    "one schedule after another, each in its own time",
    Setting(
      "parts", \.parts,
      .list(
        of: .kind(
          of: .schedules, at: \.schedule, standard: Part(ConstantSchedule()),
          also: Schema(
            "a part of a sequence",
            Setting(
              "for", \.steps, .optional(.integer()), unit: "steps",
              "how many steps the part lasts; the last takes all that are left",
              isWritten: { $0.steps != nil })))),
      "schedules in their order", mustBeWritten: true,
      expecting: "a list such as [{kind: warmup, steps: 10, for: 10}, cosine]")
  ).refusing { conflict($0.parts, $1) }

  /// The given parts in their order.
  public init(_ parts: [Part]) { self.parts = parts }

  private static func conflict(_ parts: [Part], _ written: Written) -> Conflict? {
    guard let last = parts.indices.last else {
      return Conflict(
        "parts",
        "found no schedules, expected one or more; write a list such as "
          + "[{kind: warmup, steps: 10, for: 10}, cosine]")
    }
    for (index, part) in parts.enumerated() {
      if part.schedule.isForOuterLoop {
        return Conflict(
          "parts[\(index)]",
          "found \(part.schedule.word), expected a schedule that multiplies; let \(part.schedule.word) have "
            + "the sequence as its multiplier")
      }
      if index < last && part.steps == nil {
        let key = "parts[\(index)].for"
        return Conflict(
          key,
          "found \(written.contains(key) ? "none" : "nothing"), expected how many steps the part lasts; add it"
        )
      }
      if index == last && part.steps != nil {
        return Conflict(
          "parts[\(index)].for",
          "found a length for the last part, expected none: it takes all steps that are left; "
            + "remove it")
      }
    }
    return nil
  }

  /// The multiplier of the part that the step belongs to.
  public func multiplier(at step: Int, of total: Int) -> Double {
    var start = 0
    for part in parts.dropLast() {
      let length = part.steps ?? 0
      if step < start + length {
        return part.schedule.multiplier(at: step - start, of: length)
      }
      start += length
    }
    guard let last = parts.last else { return 1 }
    return last.schedule.multiplier(at: step - start, of: max(1, total - start))
  }
}
