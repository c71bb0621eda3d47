import Foundation

/// What the control groups of Linux allow this process: containers and batch systems set them.
///
/// Both versions are read, and every group on the way to the root: the tightest limit counts. Sources:
/// the kernel's documentation, admin-guide/cgroup-v2 (memory.max, cpu.max) and cgroup-v1
/// (memory.limit_in_bytes, cpu.cfs_quota_us).
package struct ControlGroup: Sendable {
  /// Bytes of memory, and the file that says so; nil where there is no limit.
  package private(set) var memory: (bytes: Int, file: String)?
  /// Processors, of which a part counts; nil where there is no quota.
  package private(set) var processors: Double?

  /// Those of this process.
  ///
  /// - Parameter root: where the system's files are, for tests.
  package init(root: String = "") {
    let membership = ControlGroup.text("\(root)/proc/self/cgroup") ?? ""
    for line in membership.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let (controllers, path) = (fields[1].split(separator: ","), String(fields[2]))
      let mount = "\(root)/sys/fs/cgroup"
      if controllers.isEmpty {
        for folder in ControlGroup.folders(mount, path) { readSecond(folder) }
      } else if controllers.contains("memory") {
        for folder in ControlGroup.folders("\(mount)/memory", path) {
          limitMemory("\(folder)/memory.limit_in_bytes")
        }
      } else if controllers.contains("cpu") {
        for folder in ControlGroup.folders("\(mount)/\(fields[1])", path) { readFirstQuota(folder) }
      }
    }
  }

  /// A group's folder and those above it. In a container the path may be that of the host, of which only
  /// the mount itself is seen.
  private static func folders(_ mount: String, _ path: String) -> [String] {
    var folders = [mount]
    for part in path.split(separator: "/") where part != ".." {
      folders.append(folders[folders.count - 1] + "/" + part)
    }
    return folders
  }

  private mutating func readSecond(_ folder: String) {
    limitMemory("\(folder)/memory.max")
    let words = ControlGroup.text("\(folder)/cpu.max")?.split(separator: " ") ?? []
    if words.count == 2 { limitProcessors(Double(words[0]), Double(words[1])) }
  }

  private mutating func readFirstQuota(_ folder: String) {
    func number(_ name: String) -> Double? {
      ControlGroup.text("\(folder)/\(name)").flatMap(Double.init)
    }
    limitProcessors(number("cpu.cfs_quota_us"), number("cpu.cfs_period_us"))
  }

  /// Without a limit version 1 says the largest number of pages, which no machine has.
  private mutating func limitMemory(_ file: String) {
    guard let bytes = ControlGroup.text(file).flatMap({ Int($0) }), bytes < 1 << 60,
      bytes < memory?.bytes ?? .max
    else { return }
    memory = (bytes, file)
  }

  /// Without a quota version 1 says −1, version 2 `max`.
  private mutating func limitProcessors(_ quota: Double?, _ period: Double?) {
    guard let quota, let period, quota > 0, period > 0 else { return }
    processors = min(processors ?? .infinity, quota / period)
  }

  private static func text(_ path: String) -> String? {
    // Files of the kernel have no size.
    (try? String(contentsOfFile: path, encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
