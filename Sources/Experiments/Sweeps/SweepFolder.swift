import Checkpoints
import Configurations
import Files
import Foundation
import Settings

/// Where a sweep keeps everything: `sweep.yaml`, which says what it is of, a folder for each cell,
/// the table and the figures.
package struct SweepFolder: Sendable {
  package let path: String

  package init(_ path: String) { self.path = RunFolder(path).path }

  /// `results/<name>/<first digits of the plan's hash>-sweep`.
  package static func standard(for plan: SweepPlan) -> SweepFolder {
    let text = plan.identity.entries.map { "\($0.key)=\($0.value)\n" }.joined()
    let hash = SHA256.digest(of: Array(text.utf8)).hex.prefix(10)
    return SweepFolder("results/\(plan.cells[0].configuration.name)/\(hash)-sweep")
  }

  /// What the sweep is of.
  package var description: String { RunFolder(path).sweep }
  package var table: String { "\(path)/sweep.csv" }
  /// The cells' folders.
  package var cells: String { RunFolder(path).cells }

  /// The folder of a cell.
  package func cell(_ cell: SweepPlan.Cell) -> RunFolder { RunFolder("\(cells)/\(cell.name)") }

  /// Whether a sweep keeps its results there.
  package var holdsASweep: Bool { FileManager.default.fileExists(atPath: description) }

  /// Refuses a folder that holds anything but this sweep.
  package func requireSame(_ plan: SweepPlan) throws(RunError) {
    guard try RunFolder.has(description) else {
      let run = RunFolder(path)
      guard try !RunFolder.has(anyOf: [run.configuration, run.cells, run.checkpoints]) else {
        throw .foreignResults(path: path, expected: "a sweep")
      }
      try run.requireNothingElse()
      return
    }
    let differences = SettingDifferences(there: try identity(), here: plan.identity)
    guard differences.isEmpty else { throw .otherResults(path: path, differences) }
  }

  /// What `sweep.yaml` says.
  package func identity() throws(RunError) -> SettingList {
    guard let bytes = try RunFolder.contents(of: description),
      let node = try? ConfigurationNode(
        yaml: String(decoding: bytes, as: UTF8.self),
        place: { .file(description, line: $0, column: $1) }),
      case .mapping(let entries) = node.content
    else { throw .damagedSweep(path: description) }
    return SettingList(
      entries.flatMap { entry in
        guard case .mapping(let below) = entry.value.content else {
          return [SettingList.Entry(entry.key, entry.value.word ?? entry.value.flowYAML)]
        }
        return below.map {
          SettingList.Entry("\(entry.key).\($0.key)", $0.value.word ?? $0.value.flowYAML)
        }
      })
  }

  /// Makes the folder and says what the sweep is of, before there are cells: a folder with cells alone
  /// could be anything's.
  package func begin(_ plan: SweepPlan) throws(RunError) {
    try RunFolder.make(path)
    if try !RunFolder.has(description) {
      do throws(FileError) {
        try AtomicFile.write(Array(plan.identityNode.yaml.utf8), to: description)
      } catch {
        throw RunError.folderUnusable(path: path, reason: error.reason)
      }
    }
    try RunFolder.make(cells)
  }
}

extension SweepPlan {
  /// What tells this sweep from others: search, axes, and every setting that no axis sets.
  package var identity: SettingList {
    SettingList(
      [
        .init("search", search.rawValue), .init("samples", samples.map { "\($0)" } ?? "none"),
        .init("seeds", "\(seeds)"), .init("cells", "\(cells.count)"),
      ] + axes.map { .init("axes.\($0.key)", $0.description) }
        + base.entries.map { .init("base.\($0.key)", $0.value) })
  }

  /// The settings of the first cell that are no axis', nor below one.
  private var base: SettingList {
    SettingList(cells[0].configuration.withoutClaim).filter { key in
      !axes.contains { key == $0.key || key.hasPrefix("\($0.key).") || key.hasPrefix("\($0.key)[") }
    }
  }

  fileprivate var identityNode: ConfigurationNode {
    func texts(_ prefix: String) -> ConfigurationNode {
      .map(
        identity.entries.filter { $0.key.hasPrefix(prefix) }.map {
          (String($0.key.dropFirst(prefix.count)), .text($0.value))
        })
    }
    return .map([
      ("search", .text(search.rawValue)),
      ("samples", ConfigurationNode(.plain(samples.map { "\($0)" } ?? "none"))),
      ("seeds", ConfigurationNode(.plain("\(seeds)"))),
      ("cells", ConfigurationNode(.plain("\(cells.count)"))),
      ("axes", texts("axes.")),
      ("base", texts("base.")),
    ])
  }
}
