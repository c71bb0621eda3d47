import Experiments
import Foundation
import TestSupport
import Testing

@Suite("Limits of control groups") struct ControlGroupTests {
  /// A system's files: what `/proc/self/cgroup` says, and files below `/sys/fs/cgroup`.
  private func system(_ membership: String, _ files: [String: String]) throws -> TestFolder {
    let folder = try TestFolder()
    for (path, text) in files.merging(
      ["/proc/self/cgroup": membership], uniquingKeysWith: { first, _ in first })
    {
      let file = URL(filePath: folder.path + path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data((text + "\n").utf8).write(to: file)
    }
    return folder
  }

  @Test("version 2: the tightest of the groups up to the root") func second() throws {
    let folder = try system(
      "0::/batch/job",
      [
        "/sys/fs/cgroup/batch/memory.max": "1073741824",
        "/sys/fs/cgroup/batch/job/memory.max": "max",
        "/sys/fs/cgroup/batch/cpu.max": "max 100000",
        "/sys/fs/cgroup/batch/job/cpu.max": "150000 100000",
      ])
    let group = ControlGroup(root: folder.path)
    #expect(group.memory?.bytes == 1 << 30)
    #expect(group.memory?.file.hasSuffix("/batch/memory.max") == true)
    #expect(group.processors == 1.5)
    let allowed = AllowedMemory.ofSystem(group)
    #expect(allowed.bytes <= 1 << 30)
  }

  @Test("version 1: limits by controller, in a container at the mount itself") func first() throws {
    let folder = try system(
      "7:memory:/docker/4f\n3:cpu,cpuacct:/docker/4f\n1:name=systemd:/docker/4f",
      [
        "/sys/fs/cgroup/memory/memory.limit_in_bytes": "536870912",
        "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "200000",
        "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000",
      ])
    let group = ControlGroup(root: folder.path)
    #expect(group.memory?.bytes == 512 << 20)
    #expect(group.processors == 2)
  }

  @Test("no limit in either version is none") func unlimited() throws {
    let folder = try system(
      "7:memory:/\n3:cpu:/\n0::/",
      [
        "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
        "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
        "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000", "/sys/fs/cgroup/memory.max": "max",
      ])
    let group = ControlGroup(root: folder.path)
    #expect(group.memory == nil && group.processors == nil)
    #expect(ControlGroup(root: folder.path + "/nowhere").memory == nil)
  }

  @Test("work that needs more than is allowed says whose limit it is") func refusal() throws {
    let allowed = AllowedMemory(1_000_000, by: "METARATE_MEMORY")
    try AllowedMemory.$current.withValue(allowed) {
      try AllowedMemory.require(1_000_000, for: "a step")
      let refusal = #expect(throws: MemoryRefusal.self) {
        try AllowedMemory.require(1_000_001, for: "a step")
      }
      #expect(
        refusal?.description.hasPrefix(
          "a step needs 1.0 MB of memory, found 1.0 MB allowed by METARATE_MEMORY; ") == true)
    }
    try AllowedMemory.require(.max, for: "a step where nobody asked")
  }
}
