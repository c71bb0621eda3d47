import Experiments
import Foundation
import Reports

/// What a limit of address space (`ulimit -v`) asks of the process. Where such memory is refused, the
/// libraries below end the process without a word, or wait for it in a loop that has no end.
enum AddressSpace {
  /// What the command takes beside what it has when it begins.
  private static let bytesOfCommand = 256 << 20
  /// What the C library reserves for each thread.
  private static let bytesOfWorker = 64 << 20

  /// Begins the process anew without the threads that OpenBLAS makes when it is loaded, which nobody
  /// uses: each reserves more than anything else here, and the process cannot even end where it is
  /// refused.
  static func sparingThreads() {
    let name = "OPENBLAS_NUM_THREADS"
    guard AllowedMemory.addressSpace != nil, getenv(name) == nil else { return }
    setenv(name, "1", 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
  }

  /// Refuses a limit with which some allocation would fail sooner or later.
  static func require(workers: Int) throws(Refusal) {
    guard let limit = AllowedMemory.addressSpace, let size else { return }
    let needed = size + bytesOfCommand + workers * bytesOfWorker
    if limit < needed { throw Refusal(limit: limit, needed: needed, workers: workers) }
  }

  /// A limit that is too low.
  struct Refusal: Error, CustomStringConvertible {
    let limit: Int
    let needed: Int
    let workers: Int

    /// In one line.
    var description: String {
      "the limit of address space (ulimit -v): found \(Format.bytes(limit)), expected "
        + "\(Format.bytes(needed)) or more for \(Format.count(workers, "worker")); raise it, or set "
        + "METARATE_WORKERS to fewer"
    }
  }

  /// Bytes that the process has; nil where the system does not say.
  private static var size: Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
      let pages = text.split(separator: " ").first.flatMap({ Int($0) })
    else { return nil }
    return pages * Int(getpagesize())
  }
}
