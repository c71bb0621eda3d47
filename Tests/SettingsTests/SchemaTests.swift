import Settings
import Testing

@Suite("Schemas")
struct SchemaTests {
  @Test("keys that are not there, with the places where they are")
  func unknownKeys() {
    #expect(
      refusal("soil", ["snad": 1])
        == "soil.snad: found an unknown key, expected sand, clay or depth; did you mean \"sand\"?")
    #expect(
      refusal("soil", ["color": "red"])
        == "soil.color: found an unknown key, expected sand, clay or depth; did you mean "
        + "pot.color or shed.color?")
    #expect(
      refusal("depth", 3)?.hasSuffix("; did you mean soil.depth, pot.depth or shed.depth?") == true)
    #expect(refusal("zebra", 3)?.contains("did you mean") == false)
  }

  @Test("a root that is no mapping, and a value that must be written")
  func root() {
    let keys =
      "a mapping of name, seed, isOpen, water, plant, hedge, soil, pot, shed, beds, visitors, heights, mowing, care or map"
    #expect(refusal([1]) == "g.yaml:1:2: found a list, expected \(keys)")
    #expect(refusal([:]) == "g.yaml:1:2: name: found nothing, expected a name; add it")
  }

  @Test("a kind that must be written has no default to complete")
  func requiredKind() {
    #expect(throws: ConfigurationError.self) {
      try Yard.read(["plant": ["fronds": 3]], in: .garden, standard: Yard())
    }
    #expect(throws: Never.self) {
      try Yard.read(["plant": ["kind": "fern", "fronds": 3]], in: .garden, standard: Yard())
    }
  }

  @Test("errors stand where the value or the key stands, or the nearest around them")
  func places() {
    #expect(
      refusal(["name": "a", "soil": ["sand": 0.5, "depth": -1]])?.hasPrefix(
        "g.yaml:5:2: soil.depth:")
        == true)
    #expect(
      refusal(["name": "a", "soil": ["sand": 0.5, "dpeth": 1]])?.hasPrefix(
        "g.yaml:5:1: soil.dpeth:")
        == true)
    #expect(
      refusal(["name": "a", "care": "robot"])?.hasPrefix("g.yaml:3:2: care.battery:") == true)
    #expect(
      refusal(["name": "a", "plant": ["kind": "tree"]])?.hasPrefix("g.yaml:3:2: plant.height:")
        == true)
  }

  @Test("defaults that depend on other values settle where nothing was written")
  func settling() throws {
    #expect(try garden("soil", ["sand": 0.5]).soil.clay == 0.25)
    #expect(try garden("soil", ["sand": 0.9]).soil.clay == 1 - 0.9)
    #expect(try garden("soil", ["sand": 0.5, "clay": 0.5]).soil.clay == 0.5)
  }

  @Test("conflicts blame the value that was written, with what was found")
  func conflicts() {
    #expect(
      refusal(["name": "a", "soil": ["sand": 0.75, "clay": 0.5]])
        == "g.yaml:5:2: soil.clay: found 0.5 beside sand 0.75, expected a sum of at most 1; take less"
    )
    // As it was written.
    #expect(
      refusal(["name": "a", "soil": ["sand": 0.75, "clay": "5e-1"]])?.contains("found 5e-1 beside")
        == true)
    #expect(
      refusal(["name": "a", "water": "dry", "plant": ["kind": "moss"]])
        == "g.yaml:4:2: plant: found moss where it is dry, expected another plant")
  }

  @Test("a conflict of a default stands at the nearest value around, and says that it is one")
  func unwritten() throws {
    var standard = Garden()
    standard.water = .dry
    #expect(throws: ConfigurationError.self) {
      try Garden.read(["name": "a", "plant": "moss"], in: .garden, standard: standard)
    }
    func refusal(_ node: ConfigurationNode, _ standard: Pair = Pair()) -> String? {
      do {
        _ = try Pair.read(node.placed(), in: Laboratory(), standard: standard)
        return nil
      } catch { return error.description }
    }
    #expect(refusal(["low": 1]) == nil)
    #expect(refusal(["low": 3]) == "g.yaml:2:2: low: found 3, expected below high, 2.0")
    #expect(refusal(["low": 3, "high": 3]) == "g.yaml:3:2: high: found 3, expected above low, 3.0")
    #expect(refusal(["high": 0]) == "g.yaml:2:2: high: found 0, expected above low, 1.0")
    #expect(
      refusal([:], Pair(low: 2, high: 1))
        == "g.yaml:1:2: high: found 1.0 (the default), expected above low, 2.0")
    #expect(
      refusal(["high": 3], Pair(low: -1, high: 0))
        == "g.yaml:1:2: low: found -1.0 (the default), expected above 0; write low")
  }

  @Test("conflicts find values inside lists, and lists of one without brackets")
  func conflictsInLists() {
    let part: ConfigurationNode = ["kind": "moss", "years": 101]
    let message = "found 101, expected at most 100; plant a tree"
    #expect(
      refusal(["name": "a", "plant": ["kind": "bed", "parts": ["moss", part]]])
        == "g.yaml:9:2: plant.parts[1].years: \(message)")
    #expect(
      refusal(["name": "a", "plant": ["kind": "bed", "parts": part]])
        == "g.yaml:7:2: plant.parts[0].years: \(message)")
    #expect(
      Conflict("years", 3, expected: "x").within("parts[0]").within("plant")
        == Conflict("plant.parts[0].years", 3, expected: "x"))
  }

  @Test("lifted settings stand among the others, with what settles and refuses them")
  func lifted() throws {
    #expect(
      try garden("pot", ["sand": 0.25, "color": "blue"]).pot
        == Pot(soil: Soil(sand: 0.25), color: "blue"))
    #expect(try garden("pot", ["sand": 1]).pot.soil.clay == 0)
    #expect(
      refusal(["name": "a", "pot": ["clay": 0.75]])
        == "g.yaml:4:2: pot.clay: found 0.75 beside sand 0.5, expected a sum of at most 1; take less"
    )
    #expect(Pot().node.flowYAML == "{ sand: 0.5, clay: 0.25, depth: 30, color: red }")
  }

  @Test("what was written is known from any value around")
  func written() throws {
    func found(_ node: ConfigurationNode) throws -> [Bool] {
      try Outer.read(node, in: Laboratory(), standard: Outer()).found
    }
    #expect(try found([:]) == [false, false, false, false, false])
    #expect(try found(["soil": ["depth": 1]]) == [true, true, true, false, false])
  }

  @Test(
    "words that are a slip away",
    arguments: [
      ("stpes", "steps"), ("Steps", "steps"), ("tep", "step"), ("batchs", "batch"), ("xyz", nil),
    ] as [(String, String?)])
  func suggestions(word: String, known: String?) {
    #expect(Suggestion.nearest(to: word, among: ["steps", "step", "batch"]) == known)
  }

  @Test("distances count slips, lists end in or")
  func distances() {
    #expect(Suggestion.distance("abc", "abc") == 0)
    #expect(Suggestion.distance("abc", "acb") == 1)
    #expect(Suggestion.distance("", "abc") == 3)
    #expect(Suggestion.distance("kitten", "sitting") == 3)
    #expect(Suggestion.list([]) == "nothing")
    #expect(Suggestion.list(["a"]) == "a")
    #expect(Suggestion.list(["a", "b", "c"]) == "a, b or c")
  }
}

/// Two numbers in ascending order.
private struct Pair: Configurable {
  var (low, high) = (1.0, 2.0)
  static let schema = Schema<Self>(
    "a pair", Setting("low", \.low, .number(.finite), "the low one"),
    Setting("high", \.high, .number(.finite), "the high one")
  ).refusing { .unordered("low", $0.low, "high", $0.high, $1) }
    .refusing { pair, _ in
      pair.low > 0
        ? nil : Conflict("low", pair.low, expected: "above 0", ifUnwritten: "write low")
    }
}

/// A soil, and which of its values were written.
private struct Outer: Configurable {
  var soil = Soil()
  var found: [Bool] = []
  static let schema = Schema<Self>(
    "a soil around a soil", Setting("soil", \.soil, .section(Soil()), "the soil")
  ).settling { outer, written in
    let inside = written.within("soil")
    outer.found = [
      written.contains("soil"), written.contains("soil.depth"), inside.contains("depth"),
      inside.contains("clay"), written.contains("soil.depth.more"),
    ]
  }
}

/// What has a plant that must be said.
private struct Yard: Configurable {
  var plant: any Plant = Fern()

  static let schema = Schema<Self>(
    "a yard", Setting("plant", \.plant, .kind(of: .plants), "what grows", mustBeWritten: true))
}
