import Foundation

/// This process's memory.
enum Memory {
  /// Makes the peak what is resident now, where the kernel lets a process say so.
  static func resetPeak() {
    guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
    try? file.write(contentsOf: Data("5".utf8))
    try? file.close()
  }

  /// The most that was ever resident, in MB of 2^20 bytes; the kernel's own count of this process,
  /// which unlike `getrusage` does not inherit its parent's.
  static var peakMegabytes: Double {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(separator: " ").compactMap({ Double($0) }).first
    else { return .nan }
    return (kilobytes / 1024 * 10).rounded() / 10
  }
}
