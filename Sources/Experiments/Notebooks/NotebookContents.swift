import Configurations
import Foundation
import Reports
import Settings

/// What a notebook of given results has, from embedded programs.
enum NotebookContents {
  /// Of a checkpoint, of a run's folder, or of one or more folders of ablations.
  ///
  /// - Parameters:
  ///   - paths: where the results are.
  ///   - folder: where the notebook will be, from which it finds them.
  ///   - title: instead of what results are called.
  ///   - laboratory: the kinds that configurations may name.
  /// - Throws: what reading them may; `RunError.noNotebook` for anything else.
  static func notebook(
    of paths: [String], from folder: String, title: String?, in laboratory: Laboratory
  ) throws -> Notebook {
    let results = paths.map(ResultsFolder.init)
    if let path = paths.first, paths.count == 1, results[0].kind != .ablation {
      if results[0].kind == .run {
        return try run(RunFolder(path), from: folder, title: title, in: laboratory)
      }
      if !RunFolder.isThere(path) {
        return try checkpoint(path, from: folder, title: title, in: laboratory)
      }
    }
    if let other = results.first(where: { $0.kind != .ablation }) {
      throw RunError.noNotebook(path: other.path, isOneOfSeveral: paths.count > 1)
    }
    return try ablations(results.map { RunFolder($0.path) }, from: folder, title, in: laboratory)
  }

  private static func run(
    _ run: RunFolder, from folder: String, title: String?, in laboratory: Laboratory
  ) throws -> Notebook {
    let configuration = try run.loadConfiguration(in: laboratory)
    // The best state, or the newest, is what the notebook is about; it must be whole.
    for path in try NamedCheckpoints.best(of: run.path) { _ = try CheckpointFile.read(path) }
    let summary: RunSummary
    switch try run.stage() {
    case .finished(let found): summary = found
    case .notFinite(let text): throw RunError.endedBadly(path: run.path, reason: text)
    case .nothing, .begun: throw RunError.unfinished(path: run.path)
    }
    var notebook = Notebook()
    notebook.add(
      markdown: """
        # \(title ?? "\(configuration.name), seed \(configuration.seed)")

        \(claim(configuration))\(RunPage.about(configuration))

        \(RunPage.sentence(summary.verdict))
        """)
    let values = ["PATH": path(run.path, from: folder)]
    for part in ["start", "run", "rates"] {
      notebook.add(program: EmbeddedData.pythonProgram(part), values)
    }
    return notebook
  }

  private static func checkpoint(
    _ file: String, from folder: String, title: String?, in laboratory: Laboratory
  ) throws -> Notebook {
    let recorded = try RecordedRates(try CheckpointFile.read(file), file, laboratory)
    let configuration = recorded.configuration
    var notebook = Notebook()
    notebook.add(
      markdown: """
        # \(title ?? "\(configuration.name), seed \(configuration.seed): learned rates")

        \(RunPage.about(configuration)) Shown is the \(recorded.states[0].text).
        """)
    let values = ["PATH": path(file, from: folder)]
    for part in ["start", "checkpoint", "rates"] {
      notebook.add(program: EmbeddedData.pythonProgram(part), values)
    }
    return notebook
  }

  private static func ablations(
    _ folders: [RunFolder], from folder: String, _ title: String?, in laboratory: Laboratory
  ) throws -> Notebook {
    for folder in folders
    where !FileManager.default.fileExists(atPath: "\(folder.path)/ablation.md") {
      throw RunError.unfinishedAblation(path: folder.path)
    }
    let configurations = try folders.map { try $0.loadConfiguration(in: laboratory) }
    var notebook = Notebook()
    let names = configurations.map(\.name)
    notebook.add(
      markdown: """
        # \(title ?? "Ablation: \(names.unique.joined(separator: ", "))")

        Ways to choose rates, each chosen and tested again in every repetition, with other seeds. A \
        repetition's mean test loss is the unit: intervals are Student's over repetitions of the paired \
        difference, the last arm minus another, and verdicts adjust for all comparisons of a table's \
        horizons together (Holm). The sums are done here, from the last losses of each repetition's curves \
        in `curves.h5`; \(beside(configurations))
        """)
    notebook.add(program: EmbeddedData.pythonProgram("start"))
    notebook.add(program: EmbeddedData.pythonProgram("statistics"))
    for (ablation, configuration) in zip(folders, configurations) {
      // Ablations of one name are told apart by their folders.
      let isOnlyOne = names.count { $0 == configuration.name } == 1
      let last = URL(fileURLWithPath: ablation.path).lastPathComponent
      notebook.add(
        program: EmbeddedData.pythonProgram("ablation"),
        [
          "PATH": path(ablation.path, from: folder),
          "NAME": isOnlyOne ? configuration.name : last,
          "ABOUT": claim(configuration) + AblationPage.about(configuration),
        ])
    }
    if folders.count > 1 { notebook.add(program: EmbeddedData.pythonProgram("ablations")) }
    return notebook
  }

  /// What Metarate's own tables have beside these.
  private static func beside(_ configurations: [RunConfiguration]) -> String {
    guard configurations.allSatisfy({ $0.objective == .final }) else {
      return
        "Metarate's own, `ablation.md`, compare by the objective that was configured, which is "
        + "another number than the last loss."
    }
    return "`ablation.md` has the same numbers from Metarate"
      + (configurations.contains { $0.ablation.margin != nil }
        ? ", and also says what is equal within the margin." : ".")
      + " A repetition in which a run diverged has no number here; there it is the worst."
  }

  /// What an experiment is to show, as a paragraph; nothing where it does not say.
  private static func claim(_ configuration: RunConfiguration) -> String {
    configuration.claim.map { "To show: \($0)\n\n" } ?? ""
  }

  /// A path as it is from a folder; absolute where they share nothing but the root.
  static func path(_ path: String, from folder: String) -> String {
    func parts(_ path: String) -> [String] {
      URL(fileURLWithPath: path).standardizedFileURL.pathComponents
    }
    let (target, origin) = (parts(path), parts(folder))
    let shared = zip(target, origin).prefix { $0 == $1 }.count
    guard shared > 1 else { return "/" + target.dropFirst().joined(separator: "/") }
    let steps = Array(repeating: "..", count: origin.count - shared) + target.dropFirst(shared)
    return steps.isEmpty ? "." : steps.joined(separator: "/")
  }
}
