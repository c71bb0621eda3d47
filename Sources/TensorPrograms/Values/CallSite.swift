#if canImport(Runtime)
  import Runtime
#endif

/// Where this library was called from, found out where that is asked: calls carry nothing for it,
/// and operators could not.
enum CallSite {
  /// The innermost lines outside of this library, the caller first, such as `Model/Head.swift:12`;
  /// none where the program has no debug information. A call at the very end of a function is not
  /// among them where it took that function's place.
  static var lines: [String] {
    #if canImport(Runtime)
      guard let stack = try? Backtrace.capture(), let symbols = stack.symbolicated() else {
        return []
      }
      let places = symbols.frames.compactMap { $0.symbol?.sourceLocation }
      return
        places
        .filter { $0.line > 0 && $0.path.hasSuffix(".swift") && !$0.path.contains(ownFolder) }
        .prefix(most).map { "\(name($0.path)):\($0.line)" }
    #else
      return []
    #endif
  }

  private static let most = 3
  private static let ownFolder = "/Sources/TensorPrograms/"

  /// The file and its folder.
  private static func name(_ path: String) -> String {
    path.split(separator: "/").suffix(2).joined(separator: "/")
  }
}
