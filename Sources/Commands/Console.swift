import Foundation

/// Text beside the results: progress, notes and errors go to standard error.
enum Console {
  /// Writes text as it is.
  static func note(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
