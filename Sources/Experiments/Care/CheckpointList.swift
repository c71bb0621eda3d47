import Checkpoints
import Reports

/// The checkpoints of a run's folder.
package enum CheckpointList {
  /// A table of what each file says of itself.
  package static func text(of path: String) throws -> String {
    let audited = try RunFolder(path).checkpointFolder().audit().checkpoints
    guard !audited.isEmpty else { throw RunError.noCheckpoint(path: path) }
    return Table(
      [
        .left("checkpoint"), .right("outer step"), .right("size"), .right("validation"),
        .left("content"),
      ],
      rows: audited.map { checkpoint in
        guard case .success(let entry) = checkpoint.result else {
          return [checkpoint.name, "\(checkpoint.outerStep)", "—", "—", "damaged"]
        }
        return [
          entry.name, "\(entry.outerStep)", Format.bytes(entry.bytes),
          entry.score.map { Format.number($0) } ?? "—", String(entry.contentSHA256.prefix(12)),
        ]
      }
    ).text
  }
}
