import Configurations
import Foundation
import Reports
import Settings

/// The page of a sweep: its runs, its pictures, and what it is of.
enum SweepPage {
  static func html(_ folder: SweepFolder) throws -> String {
    let identity = try folder.identity()
    var page = Page(title: "\(identity["base.name"] ?? folder.path): a sweep")
    let lines = FileManager.default.contents(atPath: folder.table).map {
      String(decoding: $0, as: UTF8.self).split(separator: "\n").map { CSV.cells(String($0)) }
    }
    if let lines, let head = lines.first {
      let isNumber = head.indices.map { column in
        lines.dropFirst().allSatisfy { $0[column].isEmpty || Double($0[column]) != nil }
      }
      let columns = zip(head, isNumber).map { name, isNumber -> Table.Column in
        let heading = name.replacing("_", with: " ")
        return isNumber ? .right(heading) : .left(heading)
      }
      let rows = lines.dropFirst().map { row in
        zip(row, isNumber).map { cell, isNumber in
          isNumber && Int(cell) == nil ? Double(cell).map(Format.number) ?? cell : cell
        }
      }
      page.add(
        sortable: Table(columns, rows: rows),
        caption: "Runs; those of a setting differ in their seeds",
        isMarkup: false)
    } else {
      page.add(HTML.paragraph("It is not finished; the same command goes on."))
    }
    let run = RunFolder(folder.path)
    let pictures = PageParts.pictures(in: run, &page)
    if !pictures.isEmpty { page.add(section: "Pictures", pictures) }
    page.add(
      section: "What it is of",
      Table(
        [.left("setting"), .left("value")], rows: identity.entries.map { [$0.key, $0.value] }
      ).html(caption: "Settings and what was varied"))
    page.add(section: "How to reproduce it", PageParts.provenance(in: run))
    return page.html
  }
}
