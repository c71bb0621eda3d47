import Checkpoints
import Files
import Reports
import Settings

/// Pages as files.
package enum ReportFiles {
  /// Writes the page of a folder; of one above others the pages of those too.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - output: where its page goes; nil for `report.html` or `index.html` in it.
  ///   - laboratory: the kinds that configurations may name.
  /// - Returns: the files, and why folders below have none: they are in the index all the same.
  package static func write(
    of path: String, to output: String?, in laboratory: Laboratory
  ) throws -> (pages: [String], failures: [String]) {
    let folder = ResultsFolder(path)
    var (pages, failures): ([String], [String]) = ([], [])
    func write(_ html: String, to file: String) throws {
      try AtomicFile.write(Array(html.utf8), to: file)
      pages.append(file)
    }
    guard folder.kind == nil else {
      try write(
        try ReportPage.html(of: folder.path, in: laboratory),
        to: output ?? "\(folder.path)/\(ReportPage.fileName)")
      return (pages, failures)
    }
    for below in folder.below() {
      do {
        try write(
          try ReportPage.html(of: below.path, in: laboratory),
          to: "\(below.path)/\(ReportPage.fileName)")
      } catch {
        failures.append("\(below.path): \(error)")
      }
    }
    try write(
      try ReportPage.html(of: folder.path, in: laboratory),
      to: output ?? "\(folder.path)/index.html")
    return (pages, failures)
  }
}
