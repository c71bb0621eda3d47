import Foundation
import Reports
import Testing

/// Programs that end, that do not, and that never began.
@Suite struct TimedProcessTests {
  @Test func whatAProgramSaysAndHowItEnds() {
    let run = TimedProcess.run(
      "/bin/sh", arguments: ["-c", "pwd; echo no >&2; exit 3"], in: "/usr", timeLimit: 60)
    #expect(run.ending == .exited(3))
    #expect(String(decoding: run.output, as: UTF8.self) == "/usr\n")
    #expect(run.errors == "no")
  }

  @Test func muchOutputBlocksNobody() {
    let run = TimedProcess.run(
      "/bin/sh", arguments: ["-c", "head -c 3000000 /dev/zero"], timeLimit: 60)
    #expect(run.ending == .exited(0) && run.output.count == 3_000_000)
  }

  @Test func aSignalIsTold() {
    let run = TimedProcess.run("/bin/sh", arguments: ["-c", "kill -9 $$"], timeLimit: 60)
    #expect(run.ending == .exited(128 + SIGKILL))
  }

  @Test func impatienceEndsIt() {
    let run = TimedProcess.run("/bin/sleep", arguments: ["3600"], timeLimit: 0.05)
    #expect(run.ending == .outOfTime)
  }

  @Test func whatIsNotThereNeverBegins() {
    let run = TimedProcess.run("/no/program", arguments: [], timeLimit: 60)
    guard case .notStarted = run.ending else {
      Issue.record("\(run.ending)")
      return
    }
  }
}
