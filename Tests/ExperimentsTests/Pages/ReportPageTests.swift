import Experiments
import Foundation
import Settings
import TestSupport
import Testing

@Suite("Pages of results")
struct ReportPageTests {
  private let place: TestFolder

  init() throws { place = try TestFolder() }

  @Test("a run's page has its verdict, its numbers and every setting with its origin")
  func run() throws {
    let folder = "\(place.path)/run"
    try writeRun(
      to: folder, overrides: ["inner.steps=7"], start: [2, 2, 2.5], learned: [1, 1.5, 1])
    let html = try ReportPage.html(of: folder, in: .standard)
    #expect(html.contains("<p class=\"verdict\">V.</p>"), "\(html)")
    #expect(html.contains("<td class=\"number\">1.167</td>"))
    #expect(html.contains("<td>inner.steps</td><td>7</td><td>set</td>"))
    #expect(html.contains("<td>inner.batch</td><td>64</td><td>default</td>"))
    #expect(html.contains("learned − start: -1.000"))
  }

  @Test("a run that came to no number says so")
  func notFinite() throws {
    let folder = "\(place.path)/run"
    try writeRun(to: folder, learned: nil)
    let html = try ReportPage.html(of: folder, in: .standard)
    #expect(html.contains("It did not end well: outer step 3: the loss is inf"))
  }

  @Test("an index has all folders below, with links to their pages")
  func index() throws {
    try writeRun(to: "\(place.path)/a/one", learned: [1, 1])
    try writeRun(to: "\(place.path)/b", overrides: ["seed=5"], learned: [1, 3])
    let (pages, failures) = try ReportFiles.write(of: place.path, to: nil, in: .standard)
    #expect(failures.isEmpty)
    #expect(
      pages
        == ["a/one/report.html", "b/report.html", "index.html"].map { "\(place.path)/\($0)" })
    let html = try String(contentsOfFile: pages[2], encoding: .utf8)
    #expect(html.contains("<a href=\"a/one/report.html\">a/one</a>"), "\(html)")
    #expect(html.contains("<td class=\"number\">5</td>"))
  }

  @Test("nothing to report is one line")
  func nothing() throws {
    #expect(throws: RunError.nothingToReport(path: place.path)) {
      try ReportPage.html(of: place.path, in: .standard)
    }
  }
}
