extension CompiledProgram {
  /// Runs the function so many times and says where the time went, kernel by kernel.
  ///
  /// Other calls of compiled functions meanwhile would take workers
  /// from this one.
  package func profile(_ inputs: [Tensor], runs: Int) -> Profile {
    let cost = KernelTimings.cost()
    return withWorkspace { workspace in
      workspace.time(true)
      defer { workspace.time(false) }
      let start = MonotonicClock.nanoseconds
      var results: [Tensor] = []
      for _ in 0..<runs { results = run(workspace, inputs) }
      let seconds = Double(MonotonicClock.nanoseconds - start) / 1e9 / Double(runs)
      let reader = ProfileReader(runs: runs, cost: cost, isTeamed: isTeamed)
      return Profile(
        lines: reader.lines([workspace]), seconds: seconds,
        results: results)
    }
  }
}
