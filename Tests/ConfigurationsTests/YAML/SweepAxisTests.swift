import Configurations
import Settings
import TestSupport
import Testing

@Suite("Axes of sweeps")
struct SweepAxisTests {
  private func axis(_ text: String) throws -> SweepAxis { try #require(try SweepAxis(text)) }

  private func message(_ text: String) -> String {
    do {
      _ = try SweepAxis(text)
      return "nothing was thrown"
    } catch {
      return "\(error)"
    }
  }

  @Test("a list has the values of an axis, as they were written")
  func lists() throws {
    let rates = try axis("outer.optimizer.rate=[0.020, 1e-1, 2]")
    #expect(rates.key == "outer.optimizer.rate")
    #expect(rates.values == ["0.020", "1e-1", "2"] && !rates.isSingle)
    #expect(try axis("model.hidden=[[64, 64], [32]]").values == ["[64, 64]", "[32]"])
    let kinds = try axis("outer.schedule=[constant, {kind: cosine, final: 0.1}, null]")
    #expect(kinds.values == ["constant", "{ kind: cosine, final: 0.1 }", "null"])
  }

  @Test("one value in a list is no axis, but how a list is given as a value")
  func single() throws {
    let hidden = try axis("model.hidden=[[64, 64]]")
    #expect(hidden.isSingle && hidden.values == ["[64, 64]"])
  }

  @Test("other values are left to overrides")
  func overrides() throws {
    for text in ["outer.steps=20", "inner.clip={kind: globalNorm, limit: 1}", "steps", "a=b"] {
      #expect(try SweepAxis(text) == nil)
    }
  }

  @Test("a range with a count is a list from end to end, spelled as they were")
  func counted() throws {
    #expect(try axis("a=log(0.001..0.1, 3)").values == ["0.001", "0.01", "0.1"])
    #expect(try axis("a=linear(0..1,5)").values == ["0", "0.25", "0.5", "0.75", "1"])
    #expect(try axis("a=linear(-1.0 .. 1.0, 3)").values == ["-1.0", "0.0", "1.0"])
    #expect(try axis("a=integer(1..10, 4)").values == ["1", "4", "7", "10"])
    // Whole numbers that coincide are one.
    #expect(try axis("a=integer(1..3, 9)").values == ["1", "2", "3"])
    #expect(try axis("a=logInteger(8..512, 4)").values == ["8", "32", "128", "512"])
  }

  @Test("drawn values have four digits and stay between the ends")
  func drawn() throws {
    let logarithmic = try axis("a=log(0.001..0.1)")
    #expect(logarithmic.range?.isLogarithmic == true && logarithmic.values.isEmpty)
    #expect(logarithmic.value(at: 0) == "0.001")
    #expect(logarithmic.value(at: 0.5) == "0.01")
    #expect(logarithmic.value(at: 0.25) == "0.003162")
    #expect(logarithmic.value(at: 0.999_999_999) == "0.1")
    #expect(try axis("a=linear(0.5..0.99)").value(at: 0.123_456) == "0.5605")
    let lists = try axis("a=[x, y, z]")
    #expect([0, 0.34, 0.999].map(lists.value(at:)) == ["x", "y", "z"])
  }

  @Test("each whole number of a range has an equal share")
  func whole() throws {
    let axis = try axis("a=integer(1..4)")
    var counts: [String: Int] = [:]
    for index in 0..<400 { counts[axis.value(at: (Double(index) + 0.5) / 400), default: 0] += 1 }
    #expect(counts == ["1": 100, "2": 100, "3": 100, "4": 100])
    #expect(try self.axis("a=logInteger(1..1000)").value(at: 0) == "1")
  }

  @Test("what cannot be an axis is refused with what was found, by its argument")
  func refused() {
    let cases = [
      ("a=[]", "found no values, expected 1 to 10000"),
      ("a=[1, 1]", "found the value 1 twice"),
      ("model.hidden=[64, 64]", "goes in a list: model.hidden=[[64, 64]]"),
      ("a=[1, 2", "found broken YAML"),
      ("a=lgo(1..2)", "did you mean \"log\"?"),
      ("a=log(0..1)", "found the end 0, expected one above 0 for log"),
      ("a=linear(2..1)", "expected its ends in ascending order"),
      ("a=linear(1..1)", "expected its ends in ascending order"),
      ("a=linear(x..1)", "expected two numbers"),
      ("a=linear(0.1, 1)", "expected two numbers"),
      ("a=linear(1...2)", "expected two numbers"),
      ("a=linear(0...inf)", "expected two numbers"),
      ("a=integer(1.5..2)", "expected whole numbers for integer"),
      ("a=log(1..2, 1)", "found 1 values, expected 2 to 10000"),
      ("a=log(1..2, 99999999999999999999)", "expected 2 to 10000"),
    ]
    for (text, expected) in cases {
      let found = message(text)
      #expect(found.contains(expected), "\(text): \(found)")
      #expect(found.hasPrefix("command line: \(text)"), "\(text): \(found)")
    }
  }
}
