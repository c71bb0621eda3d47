import Files
import HDF5Files

/// A state that was loaded, known to be what was saved.
public struct LoadedCheckpoint: Sendable, Equatable {
  /// What the index says of the file, or the file of itself.
  public let entry: CheckpointEntry
  /// What is in it.
  public let tree: HDF5Tree
  /// What else was wrong with the folder.
  public var warnings: [CheckpointWarning] = []
}

extension CheckpointError {
  /// Throws itself where the system refused to read a file, which may be intact: to go on without it
  /// would lose what it holds.
  func requireNoRefusal() throws(CheckpointError) {
    if isRefusal { throw self }
  }
}

/// Reads a folder of numbered checkpoints, `checkpoint-00000020.h5`, and `index.json`.
///
/// Reading changes nothing and needs no lock. Every file is hashed against the index before HDF5
/// sees a byte of it. A file that the index does not list (the process was killed between the two)
/// must prove itself by the hash it carries; so must all files if the index is missing or damaged.
public struct CheckpointFolder: Sendable, Equatable {
  /// The folder's path.
  public let path: String
  /// How large files may be.
  public let limits: HDF5Limits

  /// The root's attribute that repeats the number in the file's name.
  public static let outerStepAttribute = "outer_step"
  /// The same attribute in files of version 1.
  static let formerStepAttribute = "meta_step"
  /// The root's attribute of the score, where there is one.
  public static let scoreAttribute = "score"

  /// The name of the best state's file, which is for readers.
  public static let bestName = "best.h5"

  /// The folder at a path, which need not exist yet.
  public init(_ path: String, limits: HDF5Limits = .current) {
    self.path = path
    self.limits = limits
  }

  /// The name of the checkpoint of a step.
  public static func name(ofOuterStep step: Int) -> String {
    let digits = String(step)
    return "checkpoint-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".h5"
  }

  /// The step of a name, nil if it is not a checkpoint's.
  public static func outerStep(ofName name: String) -> Int? {
    guard name.hasPrefix("checkpoint-"), name.hasSuffix(".h5"),
      let step = Int(name.dropFirst(11).dropLast(3)), step >= 0,
      self.name(ofOuterStep: step) == name
    else { return nil }
    return step
  }

  /// The newest intact checkpoint, with warnings about newer ones that are not; nil if the folder
  /// has none at all, or is not there.
  public func latest() throws(CheckpointError) -> LoadedCheckpoint? {
    let steps = try steps()
    guard !steps.isEmpty else { return nil }
    var (index, warnings) = try readIndex()
    if let newest = index?.entries.last, newest.outerStep > steps[steps.endIndex - 1] {
      warnings.append(.vanished(name: newest.name))
    }
    for step in steps.reversed() {
      let name = Self.name(ofOuterStep: step)
      do throws(CheckpointError) {
        let entry = index?.entry(named: name)
        var loaded = try load(name, entry: entry)
        if index != nil, entry == nil { warnings.append(.adopted(name: name)) }
        loaded.warnings = warnings
        return loaded
      } catch {
        try error.requireNoRefusal()
        warnings.append(.passedOver(name: name, error))
      }
    }
    throw .noneIntact(path: path, warnings)
  }

  /// The checkpoint of one step.
  public func load(outerStep: Int) throws(CheckpointError) -> LoadedCheckpoint {
    let steps = try steps()
    guard steps.contains(outerStep) else {
      throw .missing(path: path, outerStep: outerStep, found: steps)
    }
    let (index, warnings) = try readIndex()
    let name = Self.name(ofOuterStep: outerStep)
    let entry = index?.entry(named: name)
    var loaded = try load(name, entry: entry)
    loaded.warnings = warnings
    if index != nil, entry == nil { loaded.warnings.append(.adopted(name: name)) }
    return loaded
  }

  /// The steps of which there is a file, ascending; none if there is no folder.
  public func steps() throws(CheckpointError) -> [Int] {
    do {
      return try FolderListing.names(in: path).compactMap(Self.outerStep).sorted()
    } catch {
      if error.isMissing { return [] }
      throw .file(error)
    }
  }

  /// An index that lists the files that are there: those of `index.json` whose size is right, and
  /// those of the rest that prove themselves.
  func recoveredIndex() throws(CheckpointError) -> (CheckpointIndex, [CheckpointWarning]) {
    var (stored, warnings) = try readIndex()
    var index = CheckpointIndex()
    let steps = try steps()
    for entry in stored?.entries ?? [] where !steps.contains(entry.outerStep) {
      warnings.append(.vanished(name: entry.name))
    }
    for step in steps {
      let name = Self.name(ofOuterStep: step)
      do throws(CheckpointError) {
        if let entry = stored?.entry(named: name) {
          try checkSize(of: entry)
          index.insert(entry)
        } else {
          index.insert(try load(name, entry: nil).entry)
          if stored != nil { warnings.append(.adopted(name: name)) }
        }
      } catch {
        try error.requireNoRefusal()
        warnings.append(.passedOver(name: name, error))
      }
    }
    return (index, warnings)
  }

  /// The index, or a warning if there ought to be one and it cannot be used.
  func readIndex() throws(CheckpointError) -> (CheckpointIndex?, [CheckpointWarning]) {
    let path = "\(path)/\(CheckpointIndex.fileName)"
    do throws(FileError) {
      let bytes = try RegularFile.read(path, limit: CheckpointIndex.sizeLimit)
      switch CheckpointIndex.decode(bytes) {
      case .success(let index): return (index, [])
      case .failure(let refusal):
        return (nil, [.withoutIndex(.damagedIndex(path: path, found: refusal.found))])
      }
    } catch {
      try CheckpointError.file(error).requireNoRefusal()
      return (nil, [.withoutIndex(.file(error))])
    }
  }
}
