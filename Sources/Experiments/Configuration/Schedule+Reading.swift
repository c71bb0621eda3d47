import MetaLearning

extension Schedule {
  /// Reads a schedule.
  init(_ schedule: KindSection) throws(ConfigurationError) {
    let section = schedule.section
    switch schedule.kind {
    case "constant": self = .constant
    case "step":
      self = .step(
        every: try section.integer("every", default: 100),
        factor: try section.number("factor", default: 0.5, in: .positive))
    case "exponential":
      self = .exponential(decay: try section.number("decay", in: .positive))
    case "cosine":
      self = .cosine(final: try section.number("final", default: 0, in: .fraction))
    case "warmup": self = .warmup(steps: try section.integer("steps", default: 10))
    case "sequence": self = .sequence(try Schedule.parts(section))
    default: preconditionFailure("the table has the schedule \(schedule.kind), which is not read")
    }
  }

  /// The parts of a sequence: schedules that also say for how many steps they last, but the last.
  private static func parts(_ section: Section) throws(ConfigurationError) -> [Part] {
    guard let node = section["parts"], !node.listed.isEmpty else {
      throw section.missing(
        "parts", expected: "a list such as [{kind: warmup, steps: 10, for: 10}, cosine]")
    }
    var parts: [Part] = []
    let items = node.listed
    for (index, item) in items.enumerated() {
      let path = section.path(of: "parts") + "[\(index)]"
      let written = try KindSection(item, path: path, of: .schedules, also: ["for"])
      let isLast = index == items.count - 1
      if isLast, let length = written.section["for"] {
        throw ConfigurationError(
          at: length.source, path: path + ".for",
          message: "found a length for the last part, expected none: it takes all steps that are "
            + "left; remove it")
      }
      if !isLast, written.section["for"] == nil {
        throw written.section.missing("for", expected: "how many steps the part lasts")
      }
      parts.append(
        Part(try Schedule(written), steps: try written.section.integer("for", default: 1)))
    }
    return parts
  }
}
