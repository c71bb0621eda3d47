import TensorPrograms
import Testing

/// Loops find out whether sharing their steps pays.
@Suite struct SharingTrialTests {
  /// Of so many steps those that were shared, when a step takes so many microseconds either way.
  private func sharedSteps(of count: Int, shared: Double, alone: Double) -> Int {
    var trial = SharingTrial(.kernels)
    trial.begin()
    return (0..<count).count { _ in
      let isShared = trial.isShared
      let end = MonotonicClock.nanoseconds + Int((isShared ? shared : alone) * 1000)
      while MonotonicClock.nanoseconds < end {}
      _ = trial.advance()
      return isShared
    }
  }

  @Test("what is slower is only tried") func keepsTheFaster() {
    let steps = 2000
    // All but a few, but for what other threads of the tests disturb.
    #expect(sharedSteps(of: steps, shared: 10, alone: 40) > steps * 7 / 10)
    #expect(sharedSteps(of: steps, shared: 40, alone: 10) < steps * 3 / 10)
  }

  @Test("time between two loops is nobody's") func ignoresPauses() {
    var trial = SharingTrial(.kernels)
    for _ in 0..<20 {
      trial.begin()
      // Never ten steps at a time: nothing can be measured.
      for _ in 0..<9 where trial.advance() { Issue.record("changed its mind") }
    }
    #expect(trial.isShared)
  }
}
