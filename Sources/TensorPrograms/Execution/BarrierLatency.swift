extension Host {
  /// Nanoseconds that sharing a kernel costs: the median time in which one worker offers a share
  /// without work, another takes it, and the first sees it done. Nil with one worker, and where no
  /// other comes.
  package static func barrierNanoseconds(rounds: Int = 2000) -> Double? {
    let execution = Execution.current
    let pool = execution.pool
    guard pool.workers > 1 else { return nil }
    let nothing = Fill(scalar: .float32, value: 0, count: 0, result: Location(base: 0, offset: 0))
    let memory = KernelMemory()
    let owner = Workspace(
      Plan(
        kernels: [.fill(memory.keep(nothing))], memory: memory, inputTypes: [], outputTypes: [],
        constants: Buffer(uninitialized: 0), arenaBytes: 0, passing: []),
      on: execution, workers: 2)
    let team = Team()
    var times: [Int] = []
    pool.run(2) { worker in
      guard worker == 0 else { return team.serve() }
      defer { team.dismiss() }
      // The pool may be at work for somebody else.
      guard team.isJoined(within: 1) else { return }
      // The first rounds do not count.
      for _ in 0..<rounds + rounds / 10 {
        let start = MonotonicClock.nanoseconds
        team.handOver(owner, 0)
        times.append(MonotonicClock.nanoseconds - start)
      }
    }
    guard !times.isEmpty else { return nil }
    let median = times.suffix(rounds).sorted()[rounds / 2]
    return max(0, Double(median) - KernelTimings.cost())
  }
}
