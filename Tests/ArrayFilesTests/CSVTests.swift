import ArrayFiles
import Testing

@Suite("CSV files")
struct CSVTests {
  @Test("quotes, line ends, separators, empty lines and marks of the byte order")
  func reads() throws {
    let text =
      "\u{FEFF}a,\"b \"\"x\"\"\", c \r\n1,\"2\",cat\r\n\r\n-1e-3, 2.50 ,\"d,\"\"o\n\"\"g\"\n"
    let table = try CSVTable(Array(text.utf8))
    #expect(table.names == ["a", "b \"x\"", "c"])
    #expect(table.rowCount == 2)
    #expect(
      try table.numbers([0, 1]) == NumberArray([1, 2, -0.001, 2.5] as [Double], shape: [2, 2]))
    #expect(try table.texts(2) == ["cat", "d,\"o\n\"g"])
    #expect(try !table.isNumeric(2))
    for separator in [";", "\t"] {
      let table = try CSVTable(Array("x\(separator)y\n1\(separator)2".utf8))
      #expect(try table.numbers([1]).convertedToDouble() == [2])
    }
  }

  @Test(
    "numbers are rounded as Swift's own are",
    arguments: [
      "0.1", "123456789012345678", "9007199254740993", "1e308", "0.30000000000000004",
      "1.7976931348623157e308",
      "+3.", ".5", "5e-324", "-0", "3.14159265358979323846264338327950288",
    ])
  func numbers(text: String) throws {
    let table = try CSVTable(Array("x\n\(text)\n".utf8))
    let expected = Double(text) ?? Double(text.dropLast()) ?? .nan
    #expect(try table.numbers([0])[0].bitPattern == expected.bitPattern)
  }

  @Test("missing values have a line and a column")
  func missing() throws {
    let table = try CSVTable(Array("\"a\nb\",c\n1,\"x\n\"\n\nNA,\n".utf8))
    #expect(
      message { _ = try table.numbers([0]) }
        == "found the missing value NA at line 6, column a\nb, expected a number")
    #expect(message { _ = try table.texts(1) }?.contains("line 6, column c") == true)
    #expect(try table.numbers([0], allowsMissing: true)[1].isNaN)
    #expect(try table.texts(1, allowsMissing: true) == ["x\n", nil])
  }

  @Test(
    "what is no table",
    arguments: [
      ("", "an empty file"), ("a,a\n", "the name a for the second time"), ("a,\n", "no name"),
      ("a,b\n1\n", "found 1 fields at line 2, expected 2"), ("1,2\n3,4\n", "a header with names"),
      ("a\n\"x", "a quote that is not closed"), ("a\n\"x\"y\n", "text behind a closing quote"),
      ("a\0", "8-bit"),
    ])
  func refuses(text: String, expected: String) {
    let found = message { _ = try CSVTable(Array(text.utf8)) }
    #expect(found?.contains(expected) == true, "\(found ?? "")")
  }

  @Test(
    "texts where numbers should be",
    arguments: ["x", "1,5x", "0x10", "inf", "1e", "--1", "1e999", "."])
  func noNumbers(text: String) throws {
    let table = try CSVTable(Array("a\n\"\(text)\"\n".utf8))
    #expect(message { _ = try table.numbers([0]) }?.contains("line 2, column a") == true)
  }
}
