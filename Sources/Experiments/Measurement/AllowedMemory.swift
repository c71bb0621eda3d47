import Foundation
import MetaLearning
import Reports
import TensorPrograms

/// How much memory this process may have, and who says so.
package struct AllowedMemory: Sendable, Equatable {
  /// Bytes.
  package let bytes: Int
  /// Whose limit it is, as it continues "allowed by".
  package let source: String

  /// A limit that somebody set.
  package init(_ bytes: Int, by source: String) { (self.bytes, self.source) = (bytes, source) }

  /// The tightest of what the process's control groups, its own limit of address space and the machine
  /// allow.
  package static func ofSystem(_ group: ControlGroup = ControlGroup()) -> AllowedMemory {
    let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    var limits = [AllowedMemory(machine, by: "the machine, which has no more")]
    if let memory = group.memory {
      limits.append(AllowedMemory(memory.bytes, by: "the control group (\(memory.file))"))
    }
    if let bytes = addressSpace {
      limits.append(AllowedMemory(bytes, by: "the limit of address space (ulimit -v)"))
    }
    return limits.min { $0.bytes < $1.bytes } ?? limits[0]
  }

  /// Bytes that the process's own limit of address space allows; nil where there is none.
  package static var addressSpace: Int? {
    var space = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &space) == 0 else { return nil }
    return Int(exactly: space.rlim_cur)
  }

  /// What work is held against; nil where nobody asked for that.
  @TaskLocal package static var current: AllowedMemory?

  /// Refuses work that needs more than is allowed, before it begins.
  package static func require(_ bytes: Int, for work: String) throws(MemoryRefusal) {
    if let current, bytes > current.bytes {
      throw MemoryRefusal(needed: bytes, for: work, allowed: current)
    }
  }
}

/// Work that needs more memory than it is allowed.
package struct MemoryRefusal: Error, Equatable, CustomStringConvertible {
  let needed: Int
  let work: String
  let allowed: AllowedMemory

  package init(needed: Int, for work: String, allowed: AllowedMemory) {
    (self.needed, self.work, self.allowed) = (needed, work, allowed)
  }

  /// In one line.
  package var description: String {
    "\(work) needs \(Format.bytes(needed)) of memory, found \(Format.bytes(allowed.bytes)) allowed by "
      + "\(allowed.source); use hypergradient.memory=segments or a limit there, fewer or shorter runs "
      + "(outer.tasks, inner.steps), a smaller model or coarser rates"
  }
}
