import Checkpoints

/// The checkpoints that a path names.
package enum NamedCheckpoints {
  /// A checkpoint itself; of a run's folder the best state by validation or, where there is none,
  /// the newest; of a sweep's folder those of its cells.
  ///
  /// - Throws: `RunError.noCheckpoint` for a folder without one.
  package static func best(of path: String) throws -> [String] {
    guard RunFolder.isThere(path) else { return [path] }
    let sweep = SweepFolder(path)
    let folders =
      sweep.holdsASweep
      ? try RunFolder.names(in: sweep.cells).map { RunFolder("\(sweep.cells)/\($0)") }
      : [RunFolder(path)]
    return try folders.map { folder in
      let found = try checkpoints(of: folder)
      guard let file = found.best ?? found.newest else {
        throw RunError.noCheckpoint(path: folder.path)
      }
      return file
    }
  }

  /// The one checkpoint of the best state that a path names.
  ///
  /// - Throws: `RunError.severalRuns` for the folder of a sweep of several.
  package static func bestOfOne(of path: String) throws -> String {
    let files = try best(of: path)
    guard files.count == 1 else { throw RunError.severalRuns(path: path, count: files.count) }
    return files[0]
  }

  /// A file itself; of a run's folder the newest checkpoint, which has the best state too, or that
  /// one's own file where there is no other.
  ///
  /// - Throws: `RunError.noCheckpoint` for a folder without one.
  package static func newest(of path: String) throws -> String {
    guard RunFolder.isThere(path) else { return path }
    let found = try checkpoints(of: RunFolder(path))
    guard let file = found.newest ?? found.best else { throw RunError.noCheckpoint(path: path) }
    return file
  }

  /// A file itself; of a run's folder the checkpoint of a step, or the newest.
  package static func file(of path: String, step: Int?) throws -> String {
    guard let step else { return try newest(of: path) }
    let folder = try RunFolder(path).checkpointFolder()
    let steps = try folder.steps()
    guard steps.contains(step) else {
      throw CheckpointError.missing(path: folder.path, outerStep: step, found: steps)
    }
    return "\(folder.path)/\(CheckpointFolder.name(ofOuterStep: step))"
  }

  private static func checkpoints(
    of folder: RunFolder
  ) throws -> (best: String?, newest: String?) {
    let folder = try folder.checkpointFolder()
    let best = "\(folder.path)/\(CheckpointFolder.bestName)"
    return (
      try RunFolder.has(best) ? best : nil,
      try folder.steps().max().map {
        "\(folder.path)/\(CheckpointFolder.name(ofOuterStep: $0))"
      }
    )
  }
}
