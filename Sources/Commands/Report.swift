import ArgumentParser
import Experiments
import Foundation
import Settings

/// Writes a page of results.
struct Report: LaboratoryCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a page of HTML that stands by itself: verdict, tables, pictures, provenance.",
    discussion: """
      Of the folder of a run, a sweep or an ablation: report.html in that folder. Of a folder above them: \
      the page of each, and index.html with a table of all that can be sorted and filtered; folders \
      that cannot be read are named, and the exit code is then 1. Pages \
      need no network and no other file.

      Examples:
        \(Metarate.name) report results/quickstart
        \(Metarate.name) report results
      """)

  @Argument(help: ArgumentHelp("Folder with results, or above such folders.", valueName: "dir"))
  var folder: String

  @Option(help: ArgumentHelp("Where the page goes instead.", valueName: "file"))
  var output: String?

  func run(in laboratory: Laboratory) throws {
    let (pages, failures) = try ReportFiles.write(of: folder, to: output, in: laboratory)
    for page in pages { Console.show("page         \(page)") }
    for failure in failures { Console.note("without a page: \(failure)\n") }
    guard failures.isEmpty else {
      let folders = failures.count == 1 ? "1 folder has" : "\(failures.count) folders have"
      throw CheckFailed(
        message: "\(Metarate.name): \(folders) no page; the index names what is there")
    }
  }
}
