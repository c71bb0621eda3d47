import Configurations
import Foundation
import Reports
import Settings

/// A page of what a folder came to, which stands by itself.
package enum ReportPage {
  /// What the file is called in a folder that has results.
  package static let fileName = "report.html"

  /// The page of a run's, a sweep's or an ablation's folder, or of all such folders below another.
  ///
  /// - Parameter laboratory: the kinds that configurations may name.
  /// - Throws: `RunError.nothingToReport` where there is nothing of the kind.
  package static func html(of path: String, in laboratory: Laboratory) throws -> String {
    switch ResultsFolder(path).kind {
    case .run: try RunPage.html(RunFolder(path), in: laboratory)
    case .ablation: try AblationPage.html(RunFolder(path), in: laboratory)
    case .sweep: try SweepPage.html(SweepFolder(path))
    case nil: try IndexPage.html(of: path, in: laboratory)
    }
  }
}

/// What a folder has the results of.
struct ResultsFolder: Sendable {
  enum Kind: String, Sendable {
    case run, sweep, ablation
  }

  let path: String

  init(_ path: String) { self.path = RunFolder(path).path }

  /// Nil for a folder of something else, such as one of folders.
  var kind: Kind? {
    let files = FileManager.default
    func has(_ name: String) -> Bool { files.fileExists(atPath: "\(path)/\(name)") }
    if SweepFolder(path).holdsASweep { return .sweep }
    // One that was stopped has cells alone.
    let hasCells = has(RunFolder.configurationName) && has("cells") && !has("checkpoints")
    if has("ablation.md") || hasCells { return .ablation }
    return has(RunFolder.configurationName) && has("checkpoints") ? .run : nil
  }

  /// Folders with results below this one, in the order of their names; those of a sweep's cells are the
  /// sweep's.
  func below() -> [ResultsFolder] {
    let files = FileManager.default
    let names = (try? files.contentsOfDirectory(atPath: path)) ?? []
    return names.sorted().flatMap { name -> [ResultsFolder] in
      let folder = ResultsFolder("\(path)/\(name)")
      guard !name.hasPrefix("."), RunFolder.isThere(folder.path) else { return [] }
      return folder.kind == nil ? folder.below() : [folder]
    }
  }
}
