import Foundation

/// What becomes of the paths of files that a configuration names.
public enum FilePaths: Sendable {
  /// They stay; relative ones count from the folder that the command runs in.
  case asWritten
  /// They mean the same files in any folder.
  case absolute
  /// Something stands for them, such as what the files hold.
  case replaced(@Sendable (String) -> String)

  func callAsFunction(_ path: String) -> String {
    switch self {
    case .asWritten: path
    case .absolute: URL(fileURLWithPath: path).path
    case .replaced(let replacement): replacement(path)
    }
  }
}
