import Settings
import Testing

@Suite("Forms")
struct FormTests {
  @Test("every form is read")
  func reads() throws {
    let read = try garden([
      "name": .text("3"), "seed": "18446744073709551615", "isOpen": false, "water": "wet",
      "beds": [1, 2], "visitors": ["wet", "dry"], "heights": 1.5, "mowing": ["hours": 2],
      "care": ["kind": "gardener", "hours": 9], "map": "a/b.png",
    ])
    #expect(read.name == "3")
    #expect(read.seed == .max)
    #expect(!read.isOpen)
    #expect(read.water == .wet)
    #expect(read.beds == [1, 2])
    #expect(read.visitors == [.wet, .dry])
    #expect(read.heights == [1.5])
    #expect(read.mowing == .hours(2))
    #expect(read.care == .gardener(hours: 9))
    #expect(read.map == "a/b.png")
  }

  @Test("what is not written is the value's around")
  func defaults() throws {
    var standard = Garden()
    standard.seed = 5
    standard.soil.depth = 7
    standard.plant = Fern(fronds: 9)
    let read = try Garden.read(
      ["name": "a", "soil": ["sand": 0.25], "plant": [:]], in: .garden, standard: standard)
    #expect(read.seed == 5)
    #expect(read.soil == Soil(sand: 0.25, clay: 0.25, depth: 7))
    #expect((read.plant as? Fern)?.fronds == 9)
    // Another kind's defaults are the laboratory's.
    #expect((try garden("plant", ["kind": "tree", "height": 2]).plant as? Tree)?.height == 2)
  }

  @Test(
    "values of another type, out of range, or twice",
    arguments: [
      ("seed", -1, "seed: found -1, expected a whole number from 0 to 18446744073709551615"),
      (
        "seed", .text("1"),
        "seed: found the text \"1\", expected a whole number from 0 to 18446744073709551615"
      ),
      ("name", 5, "name: found 5, expected a text that is not empty; write \"5\" in quotes"),
      ("isOpen", "yes", "isOpen: found \"yes\", expected true or false"),
      ("water", "moist", "water: found \"moist\", expected a water: dry, damp or wet"),
      (
        "water", "dmap",
        "water: found \"dmap\", expected a water: dry, damp or wet; did you mean \"damp\"?"
      ),
      ("water", [:], "water: found a mapping, expected a water: dry, damp or wet"),
      ("water", ["kind": "wet"], "water: found a mapping, expected a water: dry, damp or wet"),
      ("soil", 3, "soil: found 3, expected a mapping of sand, clay or depth"),
      (
        "soil", "",
        "soil: found nothing, expected a mapping of sand, clay or depth; remove the key for its defaults"
      ),
      ("soil", ["depth": 1.5], "soil.depth: found 1.5, expected a whole number from 0"),
      ("soil", ["depth": -1], "soil.depth: found -1, expected a whole number from 0"),
      ("soil", ["sand": "1e999"], "soil.sand: found 1e999, expected a finite number"),
      ("soil", ["sand": 1.5], "soil.sand: found 1.5, expected a number from 0 to 1"),
      ("plant", ["fronds": 51], "plant.fronds: found 51, expected a whole number from 1 to 50"),
      ("beds", 7, "beds: found 7, expected a list of layer sizes; write [7]"),
      ("beds", "many", "beds: found \"many\", expected a list of layer sizes; write [5]"),
      ("beds", [1, 0], "beds[1]: found 0, expected a whole number from 1"),
      ("heights", [1, "x"], "heights[1]: found \"x\", expected a number from 0"),
      ("heights", -1, "heights: found -1, expected a number from 0"),
      ("visitors", [], "visitors: found an empty list, expected dry, damp or wet; write [dry]"),
      ("visitors", ["wet", "wet"], "visitors: found wet twice, expected it once; remove one"),
      ("visitors", ["wet", "x"], "visitors: found \"x\", expected a mood: dry, damp or wet"),
      ("mowing", "often", "mowing: found \"often\", expected a whole number from 1"),
      ("mowing", ["hours": 0], "mowing.hours: found 0, expected a number above 0"),
      ("mowing", [:], "mowing.hours: found nothing, expected a number above 0; add it"),
      (
        "mowing", ["hour": 1],
        "mowing.hour: found an unknown key, expected hours; did you mean \"hours\"?"
      ),
      ("shed", "big", "shed: found \"big\", expected a mapping of sand, clay, depth or color"),
      ("care", "robot", "care.battery: found nothing, expected a number from 0 to 1; add it"),
      (
        "care", ["hours": 2],
        "care.hours: found a key that care nobody does not have, expected kind; hours belongs to care gardener"
      ),
      (
        "care", ["kind": "gardener", "battery": 1],
        "care.battery: found a key that care gardener does not have, expected kind or hours; battery belongs to care robot"
      ),
      ("map", 3, "map: found 3, expected a text that is not empty; write \"3\" in quotes"),
    ] as [(String, ConfigurationNode, String)])
  func refuses(key: String, value: ConfigurationNode, message: String) {
    #expect(refusal(key, value) == message)
  }

  @Test("a value or none")
  func optional() throws {
    #expect(try garden("shed", "none").shed == nil)
    #expect(try garden("shed", [:]).shed == Pot())
    #expect(try garden("hedge", "none").hedge == nil)
    #expect(try garden("hedge", "fern").hedge is Fern)
    var standard = Garden()
    standard.shed = Pot(color: "blue")
    let read = try Garden.read(
      ["name": "a", "shed": ["sand": 0]], in: .garden, standard: standard)
    #expect(read.shed == Pot(soil: Soil(sand: 0), color: "blue"))
    #expect(
      try Garden.read(["name": "a", "shed": "none"], in: .garden, standard: standard).shed == nil)
  }

  @Test("paths become absolute where that is asked for")
  func files() throws {
    let read = try Garden.read(
      ["name": "a", "map": "b.png"], in: .garden, standard: Garden(), paths: .absolute)
    #expect(read.map.hasPrefix("/") && read.map.hasSuffix("/b.png"))
  }

  @Test("what is written reads the same, none and cases included")
  func roundTrips() throws {
    var other = Garden()
    (other.name, other.seed, other.isOpen, other.water) = ("no", .max, false, .wet)
    other.plant = Bed(parts: [.init(plant: Fern(), years: 2), .init(plant: Bed())])
    other.hedge = Tree(height: 1e-9)
    (other.soil, other.shed) = (Soil(sand: 1.0 / 3, clay: 0, depth: 0), Pot(color: "a: b"))
    (other.beds, other.visitors, other.heights) = ([], [.damp, .wet], [0.1, 1e20])
    (other.mowing, other.care) = (.hours(0.5), .robot(battery: 1))
    for value in [Garden(), other] {
      let read = try garden(value.node)
      #expect(read.node == value.node)
      #expect(read.node.json == value.node.json)
    }
    #expect(Garden().node != other.node)
    #expect(Garden().node["shed"]?.word == "none")
    #expect(Garden().node["hedge"]?.word == "none")
    #expect(other.node["mowing"]?.flowYAML == "{ hours: 0.5 }")
    #expect(other.node["care"]?.flowYAML == "{ kind: robot, battery: 1.0 }")
  }

  @Test("text that YAML or JSON would take for something else is quoted")
  func text() {
    #expect(
      ConfigurationNode.map([
        ("a", .text("no")), ("b", .text("3")), ("c", .text("x: y")), ("d", .text("plain/a.h5")),
        ("e", .text("\"\\\n\u{2028}é")),
      ]).flowYAML
        == "{ a: \"no\", b: \"3\", c: \"x: y\", d: plain/a.h5, e: \"\\\"\\\\\\n\\u2028é\" }")
    #expect(
      ConfigurationNode.map([("b", .number(1e-8)), ("a", .number(0.1))]).json
        == "{\"a\":0.1,\"b\":1.0e-08}")
  }

  @Test("a written section is a block, a kind stands on its line")
  func blocks() {
    #expect(
      ConfigurationNode.map([
        ("soil", Soil().node), ("care", ["kind": "robot", "battery": 1]), ("beds", [1, 2]),
      ]).yaml == """
        soil:
          sand: 0.5
          clay: 0.25
          depth: 30
        care: { kind: robot, battery: 1 }
        beds: [1, 2]

        """)
  }
}
