import Files
import HDF5Files
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes a folder of checkpoints, of which it holds the lock.
///
/// A save is file, then index, then pruning; each is atomic, and a kill between any two of them
/// costs nothing: a file without an entry proves itself, an entry is never of another file.
public final class CheckpointWriter: Sendable {
  /// Where it writes.
  public let folder: CheckpointFolder
  /// What was wrong with the folder when it was opened.
  public let warnings: [CheckpointWarning]

  private let keptNewest: Int
  private let lock: FolderLock
  /// The folder itself, whatever comes to be at its path.
  private let held: HeldFolder
  private let index: Mutex<CheckpointIndex>

  /// Makes the folder if it is not there (its parent must be), locks it and recovers its index.
  ///
  /// - Parameters:
  ///   - path: the folder's.
  ///   - keepingNewest: how many of the newest checkpoints pruning keeps, at least two.
  ///   - limits: how large files may be.
  public init(
    _ path: String, keepingNewest: Int = 2, limits: HDF5Limits = .current
  ) throws(CheckpointError) {
    guard uninterrupted(mkdir(path, 0o755)) == 0 || errno == EEXIST else {
      throw .file(FileError("make the folder", path, code: errno))
    }
    folder = CheckpointFolder(path, limits: limits)
    keptNewest = keepingNewest
    lock = try FolderLock(path)
    do {
      held = try HeldFolder(path)
    } catch {
      throw .file(error)
    }
    // A run whose last state is there writes nothing more that would remove them.
    StaleTemporaries.remove(from: path)
    let (recovered, found) = try folder.recoveredIndex()
    index = Mutex(recovered)
    // A new folder has no index yet.
    let isNew = recovered.entries.isEmpty && found.allSatisfy(\.isAboutMissingIndex)
    warnings = isNew ? [] : found
  }

  /// The checkpoints that the index lists, oldest first.
  public var entries: [CheckpointEntry] {
    index.withLock { $0.entries }
  }

  /// Saves a state, replacing one of the same step, and prunes older ones.
  ///
  /// The root gets the attributes of `CheckpointSeal`, `outer_step`, and `score` if there is one.
  ///
  /// - Parameters:
  ///   - tree: what the file will hold.
  ///   - outerStep: the outer step, which names the file.
  ///   - score: the lower the better; the checkpoint of the lowest is never pruned.
  @discardableResult
  public func save(
    _ tree: HDF5Tree, outerStep: Int, score: Double? = nil
  ) throws(CheckpointError) -> CheckpointEntry {
    precondition(outerStep >= 0, "a checkpoint of outer step \(outerStep)")
    let name = CheckpointFolder.name(ofOuterStep: outerStep)
    let path = "\(folder.path)/\(name)"

    let (bytes, content) = try Self.encode(tree, outerStep: outerStep, score: score, at: path)
    return try index.withLock { (index) throws(CheckpointError) in
      do throws(FileError) {
        // The hash of a large file takes as long as its way to the disk.
        let hash = PendingDigest(of: bytes)
        try put(bytes, named: name, into: &index)
        let entry = CheckpointEntry(
          name: name, outerStep: outerStep, bytes: bytes.count, sha256: hash.digest.hex,
          contentSHA256: content.hex, score: score)
        try list(entry, in: &index)
        return entry
      } catch {
        throw .file(error)
      }
    }
  }

  /// Keeps a state as the best one, in the file `best.h5` instead of what it held.
  ///
  /// The file is for readers: it is not in the index, and nothing resumes from it.
  public func keepBest(
    _ tree: HDF5Tree, outerStep: Int, score: Double
  ) throws(CheckpointError) {
    do {
      try held.requireInPlace()
    } catch {
      throw .file(error)
    }
    try Self.write(tree, outerStep: outerStep, score: score, to: bestPath)
  }

  /// Writes a state to a file that stands by itself, for readers.
  ///
  /// - Parameters:
  ///   - tree: what the file will hold.
  ///   - outerStep: the outer steps behind it.
  ///   - score: its validation objective, where it is the best by that.
  ///   - path: the file.
  public static func write(
    _ tree: HDF5Tree, outerStep: Int, score: Double?, to path: String
  ) throws(CheckpointError) {
    let (bytes, _) = try encode(tree, outerStep: outerStep, score: score, at: path)
    do {
      try AtomicFile.write(bytes, to: path)
    } catch {
      throw .file(error)
    }
  }

  /// Removes `best.h5`: what it holds is not known to be the best.
  public func forgetBest() throws(CheckpointError) {
    do {
      try AtomicFile.remove(bestPath)
    } catch {
      throw .file(error)
    }
  }

  private var bestPath: String { "\(folder.path)/\(CheckpointFolder.bestName)" }

  /// The bytes of a sealed file, and the hash of what it says.
  private static func encode(
    _ tree: HDF5Tree, outerStep: Int, score: Double?, at path: String
  ) throws(CheckpointError) -> ([UInt8], SHA256Digest) {
    var tree = tree
    tree[group: "/"].attributes[CheckpointFolder.outerStepAttribute] = .integer(Int64(outerStep))
    tree[group: "/"].attributes[CheckpointFolder.scoreAttribute] = score.map(HDF5Attribute.double)
    let (sealed, content) = CheckpointSeal.checkpoint.sealing(tree)
    do {
      return (try HDF5Image.encode(sealed), content)
    } catch {
      throw .unwritable(path: path, error)
    }
  }

  /// Moves the checkpoints after a step aside: a run that goes on from it makes them anew, as they
  /// are damaged.
  ///
  /// - Returns: where they are now.
  @discardableResult
  public func setAside(newerThan outerStep: Int) throws(CheckpointError) -> [String] {
    let names = try folder.steps().filter { $0 > outerStep }
      .map(CheckpointFolder.name(ofOuterStep:))
    guard !names.isEmpty else { return [] }
    return try index.withLock { (index) throws(CheckpointError) in
      do throws(FileError) {
        // Entries first: one without its file would be wrong.
        index.remove(Set(names))
        try write(index)
        var places: [String] = []
        for name in names { places.append(try AtomicFile.setAside("\(folder.path)/\(name)")) }
        return places
      } catch {
        throw .file(error)
      }
    }
  }

  /// Takes another index for the folder's, and writes it where the file says something else.
  func replaceIndex(_ intact: CheckpointIndex) throws(CheckpointError) -> Bool {
    let isSame = try folder.readIndex().0 == intact
    try index.withLock { (index) throws(CheckpointError) in
      index = intact
      guard !isSame else { return }
      do throws(FileError) {
        try write(intact)
      } catch {
        throw .file(error)
      }
    }
    return !isSame
  }

  /// Writes a file that the index does not list yet, or no longer.
  private func put(
    _ bytes: [UInt8], named name: String, into index: inout CheckpointIndex
  ) throws(FileError) {
    if index.entry(named: name) != nil {
      // Killed before the new entry is written, the new file must not be taken for a damaged old.
      index.remove([name])
      try write(index)
    }
    try held.requireInPlace()
    try AtomicFile.write(bytes, to: "\(folder.path)/\(name)")
  }

  /// Adds the entry of a file that is there, and removes the files that it makes superfluous.
  private func list(
    _ entry: CheckpointEntry, in index: inout CheckpointIndex
  ) throws(FileError) {
    index.insert(entry)
    try write(index)
    let superfluous = index.superfluous(keepingNewest: keptNewest, and: entry.name)
    if !superfluous.isEmpty { try remove(superfluous, from: &index) }
  }

  /// Removes entries, then files: a file that is left over is found again, an entry would be wrong.
  private func remove(
    _ names: Set<String>, from index: inout CheckpointIndex
  ) throws(FileError) {
    index.remove(names)
    try write(index)
    for name in names.sorted() { try AtomicFile.remove("\(folder.path)/\(name)") }
  }

  private func write(_ index: CheckpointIndex) throws(FileError) {
    try held.requireInPlace()
    try AtomicFile.write(index.encoded(), to: "\(folder.path)/\(CheckpointIndex.fileName)")
  }
}

extension CheckpointWarning {
  /// Whether it only says that there is no index.
  fileprivate var isAboutMissingIndex: Bool {
    if case .withoutIndex(.file(let error)) = self { error.isMissing } else { false }
  }
}
