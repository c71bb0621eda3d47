/// Paths within a file: absolute, `/` alone for the root.
public enum HDF5Path {
  /// The path with a leading slash.
  public static func canonical(_ path: String) -> String {
    path.utf8.first == UInt8(ascii: "/") ? path : "/" + path
  }

  /// The group that holds the object at an absolute path.
  static func parent(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex else {
      return "/"
    }
    return String(path[..<slash])
  }

  /// The last component of an absolute path.
  static func name(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  /// The path of a member of a group.
  public static func join(_ group: String, _ name: String) -> String {
    group == "/" ? "/" + name : group + "/" + name
  }

  /// Whether `path` is `ancestor` or lies below it.
  public static func contains(_ ancestor: String, _ path: String) -> Bool {
    ancestor == "/" || path == ancestor || path.utf8.starts(with: (ancestor + "/").utf8)
  }

  /// The order of the paths' bytes, the same on every platform.
  public static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  /// What is wrong with a name as a component of a path, if anything.
  static func problem(withComponent name: some StringProtocol) -> String? {
    if name.isEmpty { return "an empty name" }
    if name == "." || name == ".." { return "the name `\(name)`" }
    if name.utf8.contains(0) { return "a name with a zero byte" }
    if name.utf8.contains(UInt8(ascii: "/")) { return "a name with a slash" }
    return nil
  }

  /// What is wrong with an absolute path, if anything.
  static func problem(with path: String) -> String? {
    if path == "/" { return nil }
    let components = path.utf8.dropFirst().split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    for component in components {
      if let problem = problem(withComponent: String(Substring(component))) { return problem }
    }
    return nil
  }
}
