import Settings
import Testing

@Suite("Lists of keys and starting files")
struct ReferenceTests {
  private let rows = Garden().settings(in: .garden).referenceRows()

  private func row(_ key: String) -> ReferenceRow? { rows.first { $0.key == key } }

  @Test("a row a key, a kind's once, with defaults, values, units and meanings")
  func listsKeys() throws {
    #expect(row("name").map { [$0.standard, $0.values] } == ["—", "a text that is not empty"])
    #expect(
      row("soil.depth").map { [$0.standard, $0.values, $0.meaning] }
        == ["30", "a whole number from 0 (centimetres)", "how deep it is"])
    #expect(row("soil") == nil)
    #expect(
      row("plant").map { [$0.standard, $0.values] } == ["fern", "a plant: fern, moss, tree or bed"])
    #expect(row("plant(fern)").map { [$0.standard, $0.meaning] } == ["", "a plant of shade"])
    #expect(
      row("plant(fern).fronds").map { [$0.standard, $0.values] }
        == ["3", "a whole number from 1 to 50 (leaves)"])
    #expect(row("plant(tree).height")?.standard == "—")
    #expect(row("plant(bed).parts")?.values == "a list, each a plant: fern, moss, tree or bed")
    #expect(row("plant(bed).parts.years")?.standard == "none")
    // Kinds that come again are not repeated, though a bed has beds.
    #expect(rows.count { $0.key.hasSuffix("(fern).fronds") } == 2)
    #expect(row("hedge(fern).fronds") != nil)
    #expect(row("plant(bed).parts(fern).fronds") == nil)
    #expect(row("care(robot).battery") != nil)
    #expect(row("visitors")?.standard == "[dry]")
    #expect(
      row("mowing")?.values == "a whole number from 1, or { hours: … } with a number above 0 (days)"
    )
    #expect(row("shed.color")?.standard == "red")
    #expect(Set(rows.map(\.key)).count == rows.count)
  }

  @Test(
    "a starting file has every value under what it means, and reads as the value it was made of")
  func commentedFile() {
    let text = Garden().settings(in: .garden).commentedYAML()
    #expect(text.hasPrefix("# Its name: a text that is not empty\nname: mine\n"))
    #expect(
      text.contains(
        """
        # What grows: a plant: fern, moss, tree or bed
        plant:
          kind: fern
          # Leaves: a whole number from 1 to 50
          fronds: 3

        """))
    #expect(
      text.contains(
        """
        # What it grows in
        soil:
          # The part of sand: a number from 0 to 1
          sand: 0.5

        """))
    #expect(text.contains("\nhedge: none\n"))
    #expect(text.contains("\nbeds: [2]\n"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(text.split(separator: "\n").allSatisfy { !$0.hasSuffix(" ") })
  }

  @Test("settings describe themselves one level at a time")
  func describes() throws {
    let settings = Garden().settings(in: .garden)
    #expect(Garden.meaning == "a garden")
    let plant = try #require(settings.first { $0.key == "plant" }).form()
    #expect(plant.words == ["fern", "moss", "tree", "bed"])
    #expect(plant.noun == "a plant" && !plant.isList)
    let bed = try #require(plant.alternatives.last).settings()
    #expect(bed.map(\.key) == ["parts"])
    #expect(bed[0].form().isList && bed[0].form().also.map(\.key) == ["years"])
    // And so on without an end.
    #expect(bed[0].form().alternatives.last?.settings().map(\.key) == ["parts"])
    #expect(settings.filter(\.isRequired).map(\.key) == ["name"])
    #expect(settings.first { $0.key == "heights" }?.unit == "metres")
    #expect(settings.first { $0.key == "soil" }?.form().section?.count == 3)
  }
}
