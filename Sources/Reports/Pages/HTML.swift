/// Text in HTML.
package enum HTML {
  /// Text in which nothing is markup.
  package static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// An element around some markup.
  package static func element(_ name: String, _ attributes: String = "", _ markup: String) -> String
  {
    "<\(name)\(attributes.isEmpty ? "" : " \(attributes)")>\(markup)</\(name)>"
  }

  /// A paragraph of text.
  package static func paragraph(_ text: String) -> String { element("p", "", escaped(text)) + "\n" }

  /// A link with its text.
  package static func link(_ address: String, _ text: String) -> String {
    element("a", "href=\"\(escaped(address))\"", escaped(text))
  }
}

extension Table {
  /// For a page: cells are text, unless they are markup already.
  ///
  /// - Parameters:
  ///   - caption: what the table shows, for those who do not see it, too.
  ///   - isMarkup: whether cells are markup rather than text.
  ///   - isSortable: whether its columns can be sorted by.
  package func html(
    caption: String, isMarkup: Bool = false, isSortable: Bool = false
  ) -> String {
    func cell(_ element: String, _ text: String, _ column: Column) -> String {
      let alignment = column.alignment == .left ? "" : " class=\"number\""
      return
        "<\(element)\(alignment)\(element == "th" ? " scope=\"col\"" : "")>\(text)</\(element)>"
    }
    let head = columns.map { column -> String in
      let text = HTML.escaped(column.heading)
      return cell("th", isSortable ? "<button type=\"button\">\(text)</button>" : text, column)
    }
    let body = rows.map { row in
      "<tr>" + zip(row, columns).map { cell("td", isMarkup ? $0 : HTML.escaped($0), $1) }.joined()
        + "</tr>\n"
    }
    return """
      <div class="wide" tabindex="0" role="region" aria-label="\(HTML.escaped(caption))">
      <table\(isSortable ? " class=\"sortable\"" : "")><caption>\(HTML.escaped(caption))</caption>
      <thead><tr>\(head.joined())</tr></thead>
      <tbody>
      \(body.joined())</tbody></table></div>

      """
  }
}
