import TensorPrograms
import Testing

/// The schedule against its formula, the best that any order can do, and a machine that obeys it.
@Suite struct BinomialScheduleTests {
  /// What a machine that follows a schedule has done.
  private struct Trace {
    var advanced = 0
    var adjoints: [Int] = []
    var fullest = 0
  }

  /// Follows a schedule, checking that every action starts from what the machine has.
  private func followed(_ length: Int, _ snapshots: Int) -> Trace {
    var trace = Trace()
    var slots: [Int: Int] = [0: 0]
    var working: Int?
    for action in BinomialSchedule(length: length, snapshots: snapshots) {
      switch action {
      case .advance(let from, let to):
        #expect(working == from && from < to)
        trace.advanced += to - from
        working = to
      case .snapshot(let slot):
        #expect(working != nil && slot > 0 && slot < snapshots)
        slots[slot] = working
        trace.fullest = max(trace.fullest, slot + 1)
      case .restore(let slot):
        #expect(slots[slot] != nil)
        working = slots[slot]
      case .adjoint(let step):
        #expect(working == step)
        trace.adjoints.append(step)
        working = nil
      }
    }
    return trace
  }

  /// r·l − C(s+r, r−1), in the plainest way.
  private func formula(_ length: Int, _ snapshots: Int) -> Int {
    func choose(_ n: Int, _ k: Int) -> Int {
      k < 0 ? 0 : (0..<min(k, n - k)).reduce(1) { $0 * (n - $1) / ($1 + 1) }
    }
    guard length > 0 else { return 0 }
    var r = 0
    while choose(snapshots + r, r) < length { r += 1 }
    return r * length - choose(snapshots + r, r - 1)
  }

  @Test func countsAreTheFormula() {
    for length in Array(0...70) + [99, 100, 257, 1000] {
      for snapshots in Array(1...12) + [31, 64, 69, 70, 71, 2000] {
        let trace = followed(length, snapshots)
        let expected = formula(length, snapshots)
        #expect(trace.advanced == expected, "\(length) steps, \(snapshots) snapshots")
        #expect(
          BinomialSchedule.advancedSteps(length: length, snapshots: snapshots) == expected)
        #expect(trace.adjoints == (0..<length).reversed())
        #expect(trace.fullest <= snapshots)
      }
    }
    #expect(BinomialSchedule.advancedSteps(length: 10_000, snapshots: 64) == 27_789)
    #expect(followed(10_000, 64).advanced == 27_789)
    #expect(BinomialSchedule.advancedSteps(length: 1_000_000, snapshots: 1) == 499_999_500_000)
  }

  /// No place for the next snapshot is better, for any number of steps and snapshots.
  @Test func countsAreLeast() {
    let most = 40
    for snapshots in 1...8 {
      var best: [[Int]] = []
      for s in 0...snapshots {
        best.append([0, 0])
        for length in 2...most {
          best[s].append(
            s == 0
              ? .max / 4
              : s == 1
                ? length * (length - 1) / 2
                : (1..<length).map { $0 + best[s - 1][length - $0] + best[s][$0] }.min()!)
        }
      }
      for length in 0...most {
        #expect(followed(length, snapshots).advanced == best[snapshots][length])
      }
    }
  }

  @Test func beginsAnew() {
    var schedule = BinomialSchedule(length: 11, snapshots: 3)
    let first = Array(schedule)
    while schedule.next() != nil {}
    schedule.restart()
    #expect(Array(schedule) == first)
  }
}
