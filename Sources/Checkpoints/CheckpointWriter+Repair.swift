import Files

extension CheckpointWriter {
  /// What became of a folder that was repaired.
  public struct Repair: Sendable {
    /// Where damaged checkpoints are kept now, and what was wrong with each.
    public var movedAside: [(place: String, reason: String)] = []
    /// Whether the index was written anew.
    public var hasNewIndex = false
  }

  /// Moves every checkpoint aside that is damaged, and writes an index of the rest where the one that is
  /// there is not that.
  ///
  /// A file that proves itself is kept, whatever the index says of it. What the system refuses to read
  /// may be intact, and ends the repair.
  public func repair() throws(CheckpointError) -> Repair {
    var damaged: [(path: String, reason: String)] = []
    var intact = CheckpointIndex()
    for step in try folder.steps() {
      let name = CheckpointFolder.name(ofOuterStep: step)
      do throws(CheckpointError) {
        intact.insert(try folder.load(name, entry: nil).entry)
      } catch {
        try error.requireNoRefusal()
        damaged.append(("\(folder.path)/\(name)", "\(error)"))
      }
    }
    // The index first: an entry without its file would be wrong.
    var repair = Repair(hasNewIndex: try replaceIndex(intact))
    do throws(FileError) {
      for (path, reason) in damaged {
        repair.movedAside.append((try AtomicFile.setAside(path), reason))
      }
    } catch {
      throw .file(error)
    }
    return repair
  }
}
