import Reports
import Testing

@Suite("Pages")
struct PageTests {
  @Test("text is text, whatever is in it")
  func escaping() {
    let table = Table([.left("a<b"), .right("n")], rows: [["<script>\"&", "1"]])
    let html = table.html(caption: "it's <b>")
    #expect(html.contains("<td>&lt;script&gt;&quot;&amp;</td><td class=\"number\">1</td>"))
    #expect(html.contains("a&lt;b") && html.contains("it's &lt;b&gt;"))
    #expect(!html.contains("<script>"))
  }

  @Test("pictures keep their own names apart, and have words for those who do not see them")
  func pictures() {
    var page = Page(title: "t")
    let svg = "<?xml version=\"1.0\"?>\n<svg width=\"9\"><g id='a'/><use xlink:href='#a'/></svg>"
    let first = page.picture(svg: svg, caption: "losses")
    let second = page.picture(svg: svg, caption: "rates")
    #expect(first.contains("id='p1-a'") && first.contains("href='#p1-a'"), "\(first)")
    #expect(second.contains("id='p2-a'") && second.contains("href='#p2-a'"))
    #expect(first.contains("aria-label=\"losses\"") && !first.contains("<?xml"))
    #expect(page.picture(svg: "no picture", caption: "c").isEmpty)
  }

  @Test("a page asks nobody for anything, and has a script only for tables that sort")
  func page() {
    var page = Page(title: "a & b")
    page.add(section: "One", HTML.paragraph("x"))
    #expect(page.html.contains("<title>a &amp; b</title>") && !page.html.contains("<script"))
    page.add(sortable: Table([.left("a")], rows: [["1"]]), caption: "c", isMarkup: false)
    #expect(
      page.html.contains("<script>") && page.html.contains("<button type=\"button\">a</button>"))
    #expect(!page.html.contains("http"))
  }

  @Test("Markdown of tables, lists, headings and code")
  func markdown() {
    let html = MarkdownHTML.html(
      """
      ## Horizon

      | arm | loss |
      | --- | ---: |
      | a\\|b | 1.5 |

      - one `x`
      - two

      Words that go
      on.
      """)
    #expect(html.contains("<h3>Horizon</h3>"))
    #expect(html.contains("<td>a|b</td><td class=\"number\">1.5</td>"), "\(html)")
    #expect(html.contains("<ul>\n<li>one <code>x</code></li>\n<li>two</li>\n</ul>"))
    #expect(html.contains("<p>Words that go on.</p>"))
  }

  @Test("tables of a text are found with the headings above them")
  func tables() {
    let tables = MarkdownHTML.tables(
      of: "| a | b |\n| - | - |\n| 1 | 2 |\n\n# One `x`\n\nwords\n\n## Two\n| c |\n| - |\n")
    #expect(
      tables == [
        MarkdownHTML.FoundTable(heading: nil, rows: [["a", "b"], ["1", "2"]]),
        MarkdownHTML.FoundTable(heading: "Two", rows: [["c"]]),
      ])
    #expect(MarkdownHTML.tables(of: "no table").isEmpty)
  }

  @Test("cells of a line of CSV are those that it was made of")
  func csv() {
    for cells in [["a", "", "b,c"], ["\"", "x\"\"y", ""], ["1", "2"]] {
      #expect(CSV.cells(String(CSV.line(cells).dropLast())) == cells)
    }
  }
}
