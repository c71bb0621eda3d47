import Checkpoints
import Configurations
import Foundation
import HDF5Files
import Reports
import Settings
import TensorPrograms

/// What a file says of itself.
package enum Inspection {
  /// The tree, and for checkpoints the rates and scalars of the best state and of the last.
  ///
  /// Of a damaged file what can still be read, and what is wrong with it.
  ///
  /// - Parameter laboratory: the kinds that a checkpoint's configuration may name.
  package static func text(
    ofFile path: String, in laboratory: Laboratory
  ) throws -> (text: String, damage: CheckpointError?) {
    let (tree, passedOver) = try CheckpointFile.survey(path)
    var parts = [treeText(tree)] + meanings(tree)
    if !passedOver.isEmpty {
      parts.append(
        "passed over:\n" + passedOver.map { "  \($0)" }.joined(separator: "\n"))
    }
    let seals: [CheckpointSeal] = [.checkpoint, .trajectory, .curves]
    let seal = seals.first { tree[group: "/"].attributes["format"] == .string($0.format) }
    do throws(CheckpointError) {
      try seal?.verify(tree, at: path)
    } catch {
      return (parts.joined(separator: "\n\n"), error)
    }
    if seal == .checkpoint {
      parts += try RatesInspection(tree, path, laboratory).texts
      parts += scalarsText(tree)
    }
    return (parts.joined(separator: "\n\n"), nil)
  }

  private static func treeText(_ tree: HDF5Tree) -> String {
    let rows = tree.paths.compactMap { path in
      tree[path].map { [path, $0.type.rawValue, "\(Shape($0.shape))"] }
    }
    let attributes = tree[group: "/"].attributes.sorted { $0.key < $1.key }.map { name, value in
      switch value {
      case .string(let text): "\(name): \(text)"
      case .integer(let number): "\(name): \(number)"
      case .double(let number): "\(name): \(number)"
      }
    }
    return attributes.joined(separator: "\n") + (attributes.isEmpty ? "" : "\n\n")
      + Table(
        [.left("dataset"), .left("type"), .left("shape")], rows: rows
      ).text
  }

  /// What groups say that they hold, such as the numbers behind rates; nothing where none does.
  private static func meanings(_ tree: HDF5Tree) -> [String] {
    let rows = tree.groups.keys.sorted().compactMap { path in
      tree[group: path].attributes["long_name"]?.stringValue.map { [path, $0] }
    }
    return rows.isEmpty ? [] : [Table([.left("group"), .left("what it holds")], rows: rows).text]
  }

  /// Learned scalars by name, of the states that the file has; nothing where none were learned.
  private static func scalarsText(_ tree: HDF5Tree) -> [String] {
    let items = tree.datasets(under: "/scalars")
    guard !items.isEmpty else { return [] }
    func value(_ path: String) -> String {
      tree[path]?.convertedToDouble().first.map { Format.number($0) } ?? "—"
    }
    // A file of the best state has no other.
    let isBest = TrainingCheckpoint.holdsBestAlone(tree)
    return [
      Table(
        [.left("learned scalar"), .right("best")] + (isBest ? [] : [.right("last")]),
        rows: items.map {
          [$0.path, value("\(BestDatasets.scalars)/\($0.path)")]
            + (isBest ? [] : [value("/scalars/\($0.path)")])
        }
      ).text
    ]
  }
}
