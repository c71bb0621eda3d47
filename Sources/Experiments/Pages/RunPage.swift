import Configurations
import Foundation
import Reports
import Settings

/// The page of a run.
enum RunPage {
  static func html(_ folder: RunFolder, in laboratory: Laboratory) throws -> String {
    let configuration = try folder.loadConfiguration(in: laboratory)
    let record = try RunRecord(of: folder, in: laboratory)
    var page = Page(title: "\(configuration.name), seed \(configuration.seed)")
    page.add(PageParts.claim(configuration))
    page.add(HTML.paragraph(about(configuration)))
    switch try folder.stage() {
    case .finished(let summary):
      page.add(verdict: sentence(summary.verdict))
      page.add(section: "Test runs", tests(summary, configuration))
      if !summary.warnings.isEmpty {
        page.add(section: "Warnings", list(summary.warnings))
      }
    case .notFinite(let text):
      page.add(verdict: "It did not end well: \(text)")
    case .begun, .nothing:
      page.add(verdict: "It is not finished; `metarate resume \(folder.path)` goes on.")
    }
    let pictures = PageParts.pictures(in: folder, &page)
    if !pictures.isEmpty { page.add(section: "Pictures", pictures) }
    if let history = record?.history {
      page.add(
        section: "Cost",
        HTML.paragraph(
          "\(Format.count(history.steps, "outer step")) of "
            + "\(Format.count(configuration.outer.tasks, "run")) of "
            + "\(Format.count(configuration.inner.steps, "inner step")), in "
            + "\(Format.duration(history.seconds)) of wall time"
            + (configuration.outer.validation.every > 0 ? ", validation included." : ".")))
    }
    page.add(section: "Settings", PageParts.settings(configuration, in: laboratory))
    page.add(section: "How to reproduce it", PageParts.provenance(in: folder))
    return page.html
  }

  /// What is learned, how long and how.
  static func about(_ configuration: RunConfiguration) -> String {
    let model = configuration.task.bringsItsModel ? "" : ", model \(configuration.model.word)"
    return
      "Task \(configuration.task.word)\(model). Learned: \(RunSentences(configuration).subject), "
      + "over \(Format.count(configuration.outer.steps, "outer step")) by the estimator "
      + "\(configuration.outer.estimator.word); inner runs take "
      + "\(Format.count(configuration.inner.steps, "step"))."
  }

  /// A clause as a sentence.
  static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  private static func list(_ texts: [String]) -> String {
    HTML.element("ul", "", texts.map { HTML.element("li", "", HTML.escaped($0)) }.joined()) + "\n"
  }

  private static func tests(
    _ summary: RunSummary, _ configuration: RunConfiguration
  ) -> String {
    let sentences = RunSentences(configuration)
    let table = RunReport.table(
      sentences, step: summary.step, isBest: summary.validation != nil,
      initial: (summary.initial.objectives, summary.initial.accuracies),
      learned: (summary.learned.objectives, summary.learned.accuracies))
    let difference = RateComparison.difference(
      of: summary.learned.objectives, and: summary.initial.objectives, step: summary.step,
      seed: configuration.seed)
    let heading = sentences.heading(runs: summary.testRuns)
    return table.html(caption: sentence(String(heading.dropLast())))
      + (difference.map { HTML.paragraph(RunReport.text($0, isOneRun: sentences.isOneRun) + ".") }
        ?? "")
      + sentences.remarks.map { HTML.paragraph(sentence($0)) }.joined()
  }
}
