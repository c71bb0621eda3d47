import Files
import HDF5Files

/// Why a checkpoint could not be saved or loaded: what was found, what was expected, what to do.
public enum CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The operating system refused.
  case file(FileError)
  /// HDF5 refused the file, or the file holds what a checkpoint does not.
  case unreadable(path: String, HDF5Error)
  /// A state that HDF5 cannot express was to be saved.
  case unwritable(path: String, HDF5Error)
  /// The file is not what was saved.
  case damaged(path: String, found: String, expected: String)
  /// An HDF5 file of another kind, or of a later version of this one.
  case wrongFormat(path: String, found: String, expected: String)
  /// `index.json` is not what was saved.
  case damagedIndex(path: String, found: String)
  /// Another process writes the folder.
  case locked(path: String, holder: String)
  /// No file for the step that was asked for.
  case missing(path: String, outerStep: Int, found: [Int])
  /// There are checkpoints, and none of them is intact; why each was passed over.
  case noneIntact(path: String, [CheckpointWarning])

  /// Whether the disk or the operating system is to blame rather than a file's contents.
  public var isInputOutput: Bool {
    switch self {
    case .file, .locked: true
    case .unreadable: isRefusal
    case .unwritable, .damaged, .wrongFormat, .damagedIndex, .missing, .noneIntact:
      false
    }
  }

  /// Whether the system refused to read what may be intact: another time it may be there whole.
  var isRefusal: Bool {
    switch self {
    case .file(let error): error.isRefusal
    case .unreadable(_, let error): error.kind == .refused
    default: false
    }
  }

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .file(let error):
      "\(error); check that the folder exists, can be written and has room"
    case .unreadable(let path, let error) where isRefusal:
      "\(path): \(error)"
    case .unreadable(let path, let error):
      "\(path): \(error); the file is damaged or not a checkpoint: use an older one"
    case .unwritable(let path, let error):
      "\(path): \(error)"
    case .damaged(let path, let found, let expected):
      "\(path) is damaged: found \(found), expected \(expected); use an older checkpoint"
    case .wrongFormat(let path, let found, let expected):
      "\(path): found \(found), expected \(expected); use the version of metarate that wrote it"
    case .damagedIndex(let path, let found):
      "\(path) is damaged: found \(found), expected a list of checkpoints; it is rebuilt from the "
        + "files at the next save"
    case .locked(let path, let holder):
      "\(path): found a lock held by \(holder), expected none; wait for it to end, or stop it"
    case .missing(let path, let outerStep, let found):
      "\(path): found no checkpoint of step \(outerStep); there are "
        + (found.isEmpty ? "none" : found.map(String.init).joined(separator: ", "))
    case .noneIntact(let path, let reasons):
      "\(path): none of the checkpoints is intact; restore one from a copy, or start again in "
        + "another folder:" + reasons.map { "\n  \($0)" }.joined()
    }
  }
}

/// What was wrong with a folder of checkpoints and did not keep one from being loaded.
public enum CheckpointWarning: Equatable, Sendable, CustomStringConvertible {
  /// A checkpoint newer than the one loaded could not be used.
  indirect case passedOver(name: String, CheckpointError)
  /// A file that the index does not list, and whose own hash is right: the process was killed
  /// between the two.
  case adopted(name: String)
  /// The index lists a file that is not there.
  case vanished(name: String)
  /// The index could not be used; the files were.
  indirect case withoutIndex(CheckpointError)

  /// What was met, and what became of it.
  public var description: String {
    switch self {
    case .passedOver(let name, let error): "passed over \(name): \(error)"
    case .adopted(let name): "\(name) was not in the index; its own hash is right"
    case .vanished(let name): "\(name) is in the index and not in the folder"
    case .withoutIndex(let error): "\(error)"
    }
  }
}
