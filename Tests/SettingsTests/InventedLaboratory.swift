import Settings

// A garden that exists only here: a family of kinds, sections, and a whole around them.

/// What grows.
protocol Plant: Kind {}

/// A plant with a number.
struct Fern: Plant {
  var fronds = 3

  static let word = "fern"
  static let schema = Schema<Self>(
    "a plant of shade", Setting("fronds", \.fronds, .integer(1...50), unit: "leaves", "leaves"))
}

/// A plant without settings.
struct Moss: Plant {
  static let word = "moss"
  static let schema = Schema<Self>("a plant without roots")
}

/// A plant of which one must say how high it grows.
struct Tree: Plant {
  var height: Double

  static let word = "tree"
  static let schema = Schema<Self>(
    "a plant of wood",
    Setting(
      "height", \.height, .number(.positive), unit: "metres", "how high it grows",
      mustBeWritten: true))
}

/// A plant that contains plants.
struct Bed: Plant {
  /// A plant and for how long it stays.
  struct Part: Sendable {
    var plant: any Plant
    var years: Int?
  }

  var parts: [Part] = []

  static let word = "bed"
  static let schema = Schema<Self>(
    "plants side by side",
    Setting(
      "parts", \.parts,
      .list(
        of: .kind(
          of: .plants, at: \.plant, standard: Part(plant: Moss()),
          also: Schema(
            "a part", Setting("years", \.years, .optional(.integer()), "how long it stays")))),
      "plants in their order")
  ).refusing { bed, _ in
    guard let index = bed.parts.firstIndex(where: { ($0.years ?? 0) > 100 }) else { return nil }
    return Conflict(
      "parts[\(index)].years", bed.parts[index].years!, expected: "at most 100",
      advice: "plant a tree")
  }
}

/// How wet it is.
enum Water: String, Sendable, CaseIterable {
  case dry, damp, wet
}

/// Who looks after it: cases with settings of their own.
enum Care: Sendable, Equatable {
  case nobody
  case gardener(hours: Int)
  case robot(battery: Double)
}

extension Form<Care> {
  static var care: Form {
    .choice(
      "a care",
      [
        Alternative("nobody", .nobody, "it grows as it likes"),
        Alternative(
          "gardener", 4, "somebody comes", Setting("hours", \.self, .integer(), "hours a week"),
          value: { .gardener(hours: $0) },
          payload: { if case .gardener(let hours) = $0 { hours } else { nil } }),
        Alternative(
          "robot", 0.5, "something comes",
          Setting("battery", \.self, .number(.fraction), "how full it is", mustBeWritten: true),
          value: { .robot(battery: $0) },
          payload: { if case .robot(let battery) = $0 { battery } else { nil } }),
      ])
  }
}

/// When something happens: a count of days, or hours.
enum Interval: Sendable, Equatable {
  case days(Int)
  case hours(Double)
}

/// A section.
struct Soil: Configurable, Equatable {
  var sand = 0.5
  var clay = 0.25
  var depth = 30

  static let schema = Schema<Self>(
    "what it grows in",
    Setting("sand", \.sand, .number(.fraction), "the part of sand"),
    Setting("clay", \.clay, .number(.fraction), "the part of clay"),
    Setting("depth", \.depth, .count, unit: "centimetres", "how deep it is")
  ).settling { soil, written in
    if !written.contains("clay") { soil.clay = min(soil.clay, 1 - soil.sand) }
  }.refusing { soil, written in
    soil.sand + soil.clay <= 1
      ? nil
      : Conflict(
        written.contains("clay") ? "clay" : "sand", soil.clay, " beside sand \(soil.sand)",
        expected: "a sum of at most 1", advice: "take less", ifUnwritten: "write it")
  }
}

/// A type whose settings are those of its soil, and one more.
struct Pot: Configurable, Equatable {
  var soil = Soil()
  var color = "red"

  static let schema = Soil.schema.lifted(\Self.soil).adding(
    Setting("color", \.color, .text("a color", where: { _ in true }), "what it looks like"))
}

/// Everything.
struct Garden: Configurable {
  var name = "mine"
  var seed: UInt64 = 0
  var isOpen = true
  var water = Water.damp
  var plant: any Plant = Fern()
  var hedge: (any Plant)?
  var soil = Soil()
  var pot = Pot()
  var shed: Pot?
  var beds: [Int] = [2]
  var visitors: [Water] = [.dry]
  var heights: [Double] = []
  var mowing = Interval.days(7)
  var care = Care.nobody
  var map = "map.png"

  static let schema = Schema<Self>(
    "a garden",
    Setting("name", \.name, .text, "its name", mustBeWritten: true, expecting: "a name"),
    Setting("seed", \.seed, .seed, "what chance follows from"),
    Setting("isOpen", \.isOpen, .flag, "whether people may come"),
    Setting("water", \.water, .word("a water"), "how wet it is"),
    Setting("plant", \.plant, .kind(of: .plants), "what grows"),
    Setting(
      "hedge", \.hedge, .optional(.kind(of: .plants, "a hedge", where: { !($0 is Moss) })),
      "its edge"),
    Setting("soil", \.soil, .section(Soil()), "what it grows in"),
    Setting("pot", \.pot, .section(Pot()), "a plant's place"),
    Setting("shed", \.shed, .optional(.section(Pot())), "where pots are"),
    Setting("beds", \.beds, .layerSizes(example: 5), "plants of each bed"),
    Setting("visitors", \.visitors, .list(of: .word("a mood"), isUnique: true), "who comes"),
    Setting("heights", \.heights, .list(of: .number(.nonnegative)), unit: "metres", "measured"),
    Setting(
      "mowing", \.mowing,
      .either(
        .integer(), or: "hours", .number(.positive), first: { .days($0) }, second: { .hours($0) },
        parts: { if case .days(let days) = $0 { (days, nil) } else { (nil, hours(of: $0)) } }),
      unit: "days", "what lies between two mowings"),
    Setting("care", \.care, .care, "who looks after it"),
    Setting("map", \.map, .file("a map's path"), "what it looks like from above")
  ).refusing { garden, written in
    garden.water == .dry && garden.plant is Moss
      ? Conflict("plant", "found moss where it is dry, expected another plant") : nil
  }

  private static func hours(of interval: Interval) -> Double? {
    if case .hours(let hours) = interval { hours } else { nil }
  }
}

extension Family<any Plant> {
  static var plants: Self { Family("a plant") { $0 } }
}

extension Laboratory {
  var plants: Registry<any Plant> {
    get { self[.plants] }
    set { self[.plants] = newValue }
  }

  /// The garden's.
  static let garden: Laboratory = {
    var laboratory = Laboratory()
    laboratory.plants.refused = ["palm": "it is too cold for palms"]
    laboratory.plants.add(Fern(), Moss(), Tree(height: 10), Bed())
    return laboratory
  }()
}
