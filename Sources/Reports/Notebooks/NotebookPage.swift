import Foundation

/// A notebook with its outputs as a page that stands by itself.
package enum NotebookPage {
  /// The page of a document of nbformat 4; the first heading is its title.
  ///
  /// - Throws: `NotebookError.unreadable` for anything else.
  package static func html(_ document: Data) throws(NotebookError) -> String {
    guard let notebook = try? JSONSerialization.jsonObject(with: document) as? [String: Any],
      let cells = notebook["cells"] as? [[String: Any]]
    else { throw .unreadable }
    var texts = cells.map { (cell: $0, source: text($0["source"])) }
    var title = "Notebook"
    if let first = texts.first, first.source.hasPrefix("# ") {
      let lines = first.source.split(
        separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      title = String(lines[0].dropFirst(2))
      texts[0].source = lines.count > 1 ? String(lines[1]) : ""
    }
    var page = Page(title: title)
    var heading = title
    for (cell, source) in texts {
      switch cell["cell_type"] as? String {
      case "markdown":
        page.add(MarkdownHTML.html(source))
        heading =
          source.split(separator: "\n").first { $0.hasPrefix("#") }
          .map { String($0.drop { $0 == "#" || $0 == " " }) } ?? heading
      case "code":
        page.add(
          HTML.element(
            "details", "",
            HTML.element("summary", "", "Python")
              + HTML.element("pre", "tabindex=\"0\"", HTML.escaped(source))) + "\n")
        for output in cell["outputs"] as? [[String: Any]] ?? [] {
          page.add(markup(output, heading))
        }
      default: break
      }
    }
    return page.html
  }

  private static func markup(_ output: [String: Any], _ heading: String) -> String {
    let data = output["data"] as? [String: Any] ?? [:]
    if let picture = data["image/png"] {
      let bytes = text(picture).filter { !$0.isWhitespace }
      return HTML.element(
        "figure", "",
        "<img alt=\"\(HTML.escaped("Figure: \(heading)"))\" src=\"data:image/png;base64,\(bytes)\">"
      )
        + "\n"
    }
    let printed = text(output["text"] ?? data["text/plain"])
    return printed.isEmpty
      ? "" : HTML.element("pre", "tabindex=\"0\"", HTML.escaped(printed)) + "\n"
  }

  /// A text, or the lines of one.
  private static func text(_ value: Any?) -> String {
    (value as? String) ?? (value as? [String])?.joined() ?? ""
  }
}
