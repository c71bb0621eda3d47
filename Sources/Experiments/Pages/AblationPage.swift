import Configurations
import Foundation
import Reports
import Settings

/// The page of an ablation: its tables as `ablation.md` has them, its pictures and its settings.
enum AblationPage {
  static func html(_ folder: RunFolder, in laboratory: Laboratory) throws -> String {
    let configuration = try folder.loadConfiguration(in: laboratory)
    let tables =
      FileManager.default.contents(atPath: "\(folder.path)/ablation.md")
      ?? Data("It is not finished; the same command as before goes on.".utf8)
    var page = Page(title: "\(configuration.name): an ablation")
    page.add(PageParts.claim(configuration))
    page.add(HTML.paragraph(about(configuration)))
    for sentence in AblationVerdict(markdown: String(decoding: tables, as: UTF8.self)).sentences {
      page.add(verdict: sentence)
    }
    page.add(section: "Results", MarkdownHTML.html(String(decoding: tables, as: UTF8.self)))
    let pictures = PageParts.pictures(in: folder, &page)
    if !pictures.isEmpty { page.add(section: "Pictures", pictures) }
    page.add(section: "Settings", PageParts.settings(configuration, in: laboratory))
    page.add(section: "How to reproduce it", PageParts.provenance(in: folder))
    return page.html
  }

  /// What is compared, how often.
  static func about(_ configuration: RunConfiguration) -> String {
    "Task \(configuration.task.word), "
      + "\(Format.count(configuration.ablation.repetitions, "repetition")) of choosing and testing."
  }
}
