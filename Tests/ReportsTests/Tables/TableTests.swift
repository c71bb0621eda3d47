import Reports
import Testing

@Suite("Tables")
struct TableTests {
  private let table = Table(
    [.left("arm"), .right("test loss"), .center("ok")],
    rows: [["learned", "0.31", "✓"], ["naïve 学习", "12.5", "é"], ["e\u{301}|a"]])

  @Test("plain text lines up by what is seen, not by bytes")
  func text() {
    #expect(
      table.text == """
        arm         test loss  ok
        ----------  ---------  --
        learned          0.31  ✓
        naïve 学习       12.5  é
        e\u{301}|a

        """)
  }

  @Test("Markdown has rules for alignment and escapes bars")
  func markdown() {
    #expect(
      table.markdown == """
        | arm        | test loss | ok  |
        | ---------- | --------: | :-: |
        | learned    |      0.31 |  ✓  |
        | naïve 学习 |      12.5 |  é  |
        | e\u{301}\\|a       |           |     |

        """)
  }

  @Test("line breaks and tabs stay within their cell")
  func lineBreaks() {
    let table = Table([.left("a"), .left("b")], rows: [["x\ny", "1\t2"]])
    #expect(table.text == "a    b\n---  ---\nx y  1 2\n")
    #expect(table.markdown.hasSuffix("| x<br>y | 1 2 |\n"))
  }

  @Test("a table without rows is its header")
  func empty() {
    #expect(Table([.left("a")]).text == "a\n-\n")
    #expect(Table([.right("a")]).markdown == "|   a |\n| --: |\n")
  }

  @Test(
    "wide and invisible characters",
    arguments: [("日本", 4), ("🙂", 2), ("a\u{200B}b", 2), ("👩‍👩‍👧", 2), ("❤️", 2), ("±−×", 3)])
  func widths(cell: String, expected: Int) {
    let table = Table([.left(""), .left("|")], rows: [[cell, "|"]])
    let rule = table.text.split(separator: "\n")[1]
    #expect(rule == String(repeating: "-", count: expected) + "  -")
  }
}
