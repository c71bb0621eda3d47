import Configurations
import Foundation
import Settings

/// The runs of some folders, and what was left out of them.
package struct ComparedFolders: Sendable {
  /// Runs that ended.
  package let records: [RunRecord]
  /// What was left out and why, in words.
  package let omissions: [String]
  /// Runs that are there already, in words: they count once.
  package let duplicates: [String]

  /// Reads folders of runs and of sweeps, whose cells are all taken.
  ///
  /// - Parameter laboratory: the kinds that their configurations may name.
  package init(_ paths: [String], in laboratory: Laboratory) {
    var (records, omissions, duplicates): ([RunRecord], [String], [String]) = ([], [], [])
    var known: [String: String] = [:]
    for path in paths.map({ RunFolder($0).path }) {
      let sweep = SweepFolder(path)
      var folders = [RunFolder(path)]
      if sweep.holdsASweep {
        folders = []
        do {
          folders = try RunFolder.names(in: sweep.cells).map { RunFolder("\(sweep.cells)/\($0)") }
          let cells = try sweep.identity()["cells"].flatMap(Int.init) ?? folders.count
          if cells > folders.count {
            omissions.append(
              "\(path): \(cells - folders.count) of \(cells) cells have not begun; the same "
                + "command as before goes on")
          }
        } catch {
          omissions.append("\(error)")
        }
      }
      for folder in folders {
        do {
          guard let record = try RunRecord(of: folder, in: laboratory) else {
            omissions.append(
              "\(folder.path) is not finished: continue it with `metarate resume \(folder.path)`")
            continue
          }
          // Once more would make one run count as two seeds.
          let configuration = record.configuration.withoutClaim.canonicalJSON
          if let other = known[configuration] {
            duplicates.append("\(folder.path) is the run of \(other) once more")
            continue
          }
          known[configuration] = folder.path
          records.append(record)
        } catch {
          omissions.append("\(error)")
        }
      }
    }
    (self.records, self.omissions, self.duplicates) = (records, omissions, duplicates)
  }
}
