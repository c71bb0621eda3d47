import Settings
import Testing

@Suite("Kinds")
struct KindTests {
  @Test("a kind is a word, a mapping with its word, or a mapping of the default's settings")
  func reads() throws {
    #expect(try garden("plant", "moss").plant is Moss)
    #expect(try garden("plant", ["kind": .text("moss")]).plant is Moss)
    #expect((try garden("plant", ["fronds": 7]).plant as? Fern)?.fronds == 7)
    #expect((try garden("plant", ["kind": "fern"]).plant as? Fern)?.fronds == 3)
  }

  @Test(
    "kinds and keys that are not there",
    arguments: [
      ("plant", "rose", "plant: found \"rose\", expected a plant: fern, moss, tree or bed"),
      (
        "plant", "Fren",
        "plant: found \"Fren\", expected a plant: fern, moss, tree or bed; did you mean \"fern\"?"
      ),
      (
        "plant", "palm",
        "plant: found \"palm\", expected a plant: fern, moss, tree or bed; it is too cold for palms"
      ),
      (
        "plant", "plam",
        "plant: found \"plam\", expected a plant: fern, moss, tree or bed; did you mean \"palm\"?"
      ),
      ("plant", 3, "plant: found 3, expected a plant: fern, moss, tree or bed"),
      ("plant", ["fern"], "plant: found a list, expected a plant: fern, moss, tree or bed"),
      ("plant", ["kind": "tree"], "plant.height: found nothing, expected a number above 0; add it"),
      ("plant", "tree", "plant.height: found nothing, expected a number above 0; add it"),
      (
        "plant", ["height": 3],
        "plant.height: found a key that plant fern does not have, expected kind or fronds; height belongs to plant tree"
      ),
      (
        "plant", ["kind": "fern", "frond": 3],
        "plant.frond: found a key that plant fern does not have, expected kind or fronds; did you mean \"fronds\"?"
      ),
      (
        "plant", ["kind": "fern", "depth": 3],
        "plant.depth: found a key that plant fern does not have, expected kind or fronds; did you mean soil.depth, pot.depth or shed.depth?"
      ),
      ("hedge", "moss", "hedge: found \"moss\", expected a hedge: fern, tree or bed"),
      (
        "hedge", ["fronds": 3],
        "hedge: found a mapping without kind, expected a hedge: fern, tree or bed; add \"kind: fern\""
      ),
    ] as [(String, ConfigurationNode, String)])
  func refuses(key: String, value: ConfigurationNode, message: String) {
    #expect(refusal(key, value) == message)
  }

  @Test("a kind may contain itself, with settings beside it, to any depth")
  func nested() throws {
    let deep: ConfigurationNode = [
      "kind": "bed",
      "parts": [
        ["kind": "tree", "height": 3, "years": 4], "moss",
        ["kind": "bed", "parts": [["kind": "fern", "years": 1]], "years": 2],
      ],
    ]
    let bed = try #require(try garden("plant", deep).plant as? Bed)
    #expect(bed.parts.map(\.years) == [4, nil, 2])
    let inner = try #require(bed.parts[2].plant as? Bed)
    #expect(inner.parts.map(\.years) == [1])
    #expect(
      refusal("plant", ["kind": "bed", "parts": [["kind": "bed", "parts": [["kind": "fen"]]]]])
        == "plant.parts[0].parts[0].kind: found \"fen\", expected a plant: fern, moss, tree or bed; "
        + "did you mean \"fern\"?")
    #expect(
      refusal("plant", ["kind": "bed", "parts": [["kind": "moss", "yaers": 3]]])
        == "plant.parts[0].yaers: found a key that plant moss does not have, expected kind or years; "
        + "did you mean \"years\"?")
    #expect(bed.node.flowYAML.contains("{ kind: tree, years: 4, height: 3.0 }"))
  }

  @Test("what a laboratory adds is read and listed, with the value's settings as defaults")
  func additions() throws {
    struct Rose: Plant {
      var thorns = 1
      static let word = "rose"
      static let schema = Schema<Self>("thorny", Setting("thorns", \.thorns, .count, "thorns"))
    }
    var laboratory = Laboratory.garden
    laboratory.plants.add(Rose(thorns: 5))
    let read = try Garden.read(
      ["name": "a", "plant": "rose"], in: laboratory, standard: Garden())
    #expect((read.plant as? Rose)?.thorns == 5)
    #expect(laboratory.plants.words == ["fern", "moss", "tree", "bed", "rose"])
    #expect(laboratory.plants["rose"] is Rose)
    #expect(laboratory.plants["lily"] == nil)
    #expect(refusal("plant", "rose") != nil)
  }

  @Test("a kind that is added is no longer refused")
  func liftsRefusal() {
    struct Palm: Plant {
      static let word = "palm"
      static let schema = Schema<Self>("a plant of the south")
    }
    var kinds = Laboratory.garden.plants
    kinds.add(Palm())
    #expect(kinds.refused.isEmpty)
    #expect(kinds.family.noun == "a plant")
  }

  @Test("two kinds of one word end the program")
  func twice() async {
    await #expect(processExitsWith: .failure) {
      var kinds = Laboratory.garden.plants
      kinds.add(Moss())
    }
  }
}
