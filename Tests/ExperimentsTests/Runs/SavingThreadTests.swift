import Experiments
import Synchronization
import Testing

@Suite struct SavingThreadTests {
  private struct Full: Error {}

  @Test("saves are finished in order, and a failed one says so once")
  func saves() throws {
    let thread = SavingThread<Int>()
    #expect(try thread.finish() == nil)
    thread.begin { 3 }
    #expect(try thread.finish() == 3)
    #expect(try thread.finish() == nil)
    thread.begin { throw Full() }
    while !thread.hasFailed {}
    #expect(throws: Full.self) { try thread.finish() }
    #expect(!thread.hasFailed)
    thread.begin { 4 }
    #expect(try thread.finish() == 4)
  }
}
