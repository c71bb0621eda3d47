/// A page of HTML that stands by itself: styles, pictures and scripts are inside.
package struct Page: Sendable {
  private let title: String
  private var body = ""
  private var pictures = 0
  private var isSortable = false

  /// A page of a title.
  package init(title: String) { self.title = title }

  /// Adds markup.
  package mutating func add(_ markup: String) { body += markup }

  /// Adds a sentence that says what all of it came to.
  package mutating func add(verdict text: String) {
    add(HTML.element("p", "class=\"verdict\"", HTML.escaped(text)) + "\n")
  }

  /// Adds a heading and what is below it.
  package mutating func add(section heading: String, _ markup: String) {
    let name = heading.lowercased().filter { $0.isLetter || $0 == " " }.replacing(" ", with: "-")
    body +=
      "<section aria-labelledby=\"\(name)\">\n<h2 id=\"\(name)\">\(HTML.escaped(heading))</h2>\n"
      + "\(markup)</section>\n"
  }

  /// Adds a table that can be sorted by its columns and filtered by words.
  package mutating func add(sortable table: Table, caption: String, isMarkup: Bool) {
    isSortable = true
    body +=
      "<p><label>Show rows with <input type=\"search\" id=\"filter\" autocomplete=\"off\"></label>"
      + " <output id=\"shown\"></output></p>\n"
      + table.html(caption: caption, isMarkup: isMarkup, isSortable: true)
  }

  /// A picture from the text of an SVG file, under its caption.
  ///
  /// - Returns: its markup; nothing for a text that is no SVG.
  package mutating func picture(svg: String, caption: String) -> String {
    guard let start = svg.range(of: "<svg") else { return "" }
    pictures += 1
    // Names are the page's, where pictures of one program have the same.
    var text = String(svg[start.lowerBound...])
    for quote in ["'", "\""] {
      text = text.replacing("id=\(quote)", with: "id=\(quote)p\(pictures)-")
        .replacing("href=\(quote)#", with: "href=\(quote)#p\(pictures)-")
    }
    text = text.replacing("url(#", with: "url(#p\(pictures)-")
      .replacing(
        "<svg", with: "<svg role=\"img\" aria-label=\"\(HTML.escaped(caption))\"",
        maxReplacements: 1)
    return
      "<figure>\(text)<figcaption>\(HTML.escaped(caption))</figcaption></figure>\n"
  }

  /// The whole page.
  package var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,">
    <title>\(HTML.escaped(title))</title>
    <style>
    \(Self.style)
    </style>
    </head>
    <body>
    <main>
    <h1>\(HTML.escaped(title))</h1>
    \(body)</main>
    \(isSortable ? "<script>\n\(Self.script)\n</script>\n" : "")</body>
    </html>

    """
  }

  private static let style = """
    :root { --ink: #1c1c1c; --paper: #ffffff; --faint: #666666; --line: #d5d5d5; --band: #f5f6f8;
      --link: #0057a3; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e6e6e6; --paper: #16181b; --faint: #a6a6a6; --line: #3a3d42; --band: #1f2226;
        --link: #7fbcff; } }
    * { box-sizing: border-box; }
    body { margin: 0; color: var(--ink); background: var(--paper);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
    main { max-width: 62rem; margin: 0 auto; padding: 1rem 1.2rem 4rem; }
    h1 { font-size: 1.6rem; line-height: 1.25; margin: 1rem 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; }
    p, li { max-width: 46rem; }
    a { color: var(--link); }
    a:focus-visible, button:focus-visible, input:focus-visible, .wide:focus-visible,
    summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
    code, pre { font: .9em/1.45 ui-monospace, "SFMono-Regular", Consolas, monospace; }
    pre { background: var(--band); padding: .8rem 1rem; overflow-x: auto; border-radius: 4px; }
    .verdict { font-size: 1.1rem; border-left: 4px solid var(--link); padding-left: .8rem; }
    .wide { overflow-x: auto; margin: .8rem 0 1.2rem; }
    table { border-collapse: collapse; font-size: .92rem; }
    caption { text-align: left; color: var(--faint); padding-bottom: .3rem; }
    td:first-child { min-width: min(12rem, 40vw); }
    td:last-child:not(.number) { min-width: min(16rem, 60vw); }
    td { overflow-wrap: break-word; }
    th, td { text-align: left; vertical-align: top; padding: .28rem .7rem;
      border-bottom: 1px solid var(--line); }
    th { border-bottom: 2px solid var(--faint); }
    .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    tbody tr:nth-child(even) { background: var(--band); }
    th button { all: unset; cursor: pointer; text-decoration: underline dotted; }
    th[aria-sort="ascending"] button::after { content: " \\2191"; }
    th[aria-sort="descending"] button::after { content: " \\2193"; }
    input { font: inherit; color: inherit; background: var(--band); border: 1px solid var(--faint);
      border-radius: 4px; padding: .2rem .5rem; }
    figure { margin: 1rem 0 1.6rem; }
    figure svg, figure img { display: block; max-width: min(900px, 100%); height: auto; background: #ffffff;
      border: 1px solid var(--line); border-radius: 4px; }
    figure svg { width: 100%; }
    figcaption { color: var(--faint); font-size: .9rem; margin-top: .3rem; }
    """

  /// Sorts by numbers where both cells have one, by text elsewhere; a second time the other way.
  private static let script = """
    const table = document.querySelector("table.sortable"), body = table.tBodies[0];
    const key = (row, column) => row.cells[column].textContent.trim();
    // A number, perhaps with words behind it; a date is none.
    const number = text => {
      const found = text.replace("\u{2212}", "-").match(/^[-+]?[\\d.]+(e[-+]?\\d+)?(?![-\\d])/);
      return found ? parseFloat(found[0]) : NaN;
    };
    table.querySelectorAll("th button").forEach((button, column) => {
      button.addEventListener("click", () => {
        const head = button.parentElement;
        const falls = head.getAttribute("aria-sort") === "ascending";
        table.querySelectorAll("th").forEach(other => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", falls ? "descending" : "ascending");
        const rows = [...body.rows].sort((a, b) => {
          const [x, y] = [key(a, column), key(b, column)];
          const [p, q] = [number(x), number(y)];
          const order = isNaN(p) || isNaN(q) ? isNaN(p) - isNaN(q) || x.localeCompare(y) : p - q;
          return falls ? -order : order;
        });
        body.append(...rows);
      });
    });
    const filter = document.getElementById("filter"), shown = document.getElementById("shown");
    const show = () => {
      const words = filter.value.toLowerCase().split(/\\s+/).filter(word => word);
      let count = 0;
      for (const row of body.rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every(word => text.includes(word));
        count += !row.hidden;
      }
      shown.textContent = count + " of " + body.rows.length;
    };
    filter.addEventListener("input", show);
    show();
    """
}
