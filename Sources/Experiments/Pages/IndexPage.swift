import Configurations
import Foundation
import Reports
import Settings

/// A table of all results below a folder, with links to their pages.
enum IndexPage {
  static func html(of path: String, in laboratory: Laboratory) throws -> String {
    let folders = ResultsFolder(path).below()
    guard !folders.isEmpty else { throw RunError.nothingToReport(path: path) }
    let root = ResultsFolder(path).path + "/"
    let rows = folders.map { folder in row(folder, root: root, in: laboratory) }
    var page = Page(title: "Results in \(ResultsFolder(path).path)/")
    page.add(
      sortable: Table(
        [
          .left("folder"), .left("kind"), .left("experiment"), .right("seed"), .right("begun"),
          .right("start"), .right("test loss"), .left("what it came to"),
        ], rows: rows), caption: "\(Format.count(rows.count, "folder")) with results",
      isMarkup: true)
    return page.html
  }

  /// How many arms an ablation has, which of them has the lowest mean test loss, and that loss; nil
  /// where its first table is another.
  private static func lowest(
    in folder: ResultsFolder
  ) -> (arms: Int, name: String, loss: String)? {
    let data = FileManager.default.contents(atPath: "\(folder.path)/ablation.md") ?? Data()
    let rows = MarkdownHTML.tables(of: String(decoding: data, as: UTF8.self)).first?.rows ?? []
    guard let head = rows.first, head.count > 1, head[0] == "rates", head[1].hasPrefix("test loss")
    else { return nil }
    let arms = rows.dropFirst().compactMap { row in Double(row[1]).map { (row, $0) } }
    return arms.min { $0.1 < $1.1 }.map { (rows.count - 1, $0.0[0], $0.0[1]) }
  }

  /// The cells of a folder, as markup.
  private static func row(
    _ folder: ResultsFolder, root: String, in laboratory: Laboratory
  ) -> [String] {
    let name = folder.path.hasPrefix(root) ? String(folder.path.dropFirst(root.count)) : folder.path
    let page = "\(folder.path)/\(ReportPage.fileName)"
    let link =
      FileManager.default.fileExists(atPath: page)
      ? HTML.link("\(name)/\(ReportPage.fileName)", name) : HTML.escaped(name)
    let run = RunFolder(folder.path)
    let date = PageParts.date(in: run) ?? "—"
    let configuration = try? run.loadConfiguration(in: laboratory)
    var cells = [
      configuration?.name ?? "—", configuration.map { "\($0.seed)" } ?? "—", date, "—", "—", "—",
    ]
    if folder.kind == .ablation, let (arms, best, loss) = lowest(in: folder) {
      cells[4] = loss
      cells[5] = "lowest mean of \(Format.count(arms, "arm")): \(best)"
    }
    if folder.kind == .sweep, let identity = try? SweepFolder(folder.path).identity() {
      cells[0] = identity["base.name"] ?? "—"
      cells[5] = identity["cells"].map { "\($0) runs" } ?? "—"
    }
    if folder.kind == .run {
      do {
        let record = try RunRecord(of: run, in: laboratory)
        cells[3] = record?.startLoss.map(Format.number) ?? "—"
        cells[4] = record.map { Format.number($0.loss) } ?? "—"
        cells[5] = record.map { $0.summary?.verdict ?? "diverged" } ?? "not finished"
      } catch {
        cells[5] = "\(error)"
      }
    }
    return [link, folder.kind?.rawValue ?? ""] + cells.map(HTML.escaped)
  }
}
