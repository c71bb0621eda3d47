import Foundation
import Reports

/// How long things take.
package enum Timing {
  static var now: Double { ProcessInfo.processInfo.systemUptime }

  /// At least so many units and seconds, after one that does not count.
  static func times(units: Int = 5, seconds: Double = 4, _ unit: () -> Void) -> Summary {
    unit()
    var times: [Double] = []
    let start = now
    while times.count < units || (now - start < seconds && times.count < 2000) {
      let begin = now
      unit()
      times.append(now - begin)
    }
    return Summary(times)
  }

  /// Mean seconds of two units that take turns, each for a tenth of a second or one unit, so that
  /// both meet the same machine.
  static func means(
    of first: () -> Void, and second: () -> Void, turns: Int = 40
  ) -> (first: Double, second: Double) {
    func turn(_ unit: () -> Void, _ total: inout (seconds: Double, units: Int)) {
      // The caches hold what the other one left in them.
      unit()
      let start = now
      repeat {
        unit()
        total.units += 1
      } while now - start < 0.1
      total.seconds += now - start
    }
    var (ours, theirs) = ((seconds: 0.0, units: 0), (seconds: 0.0, units: 0))
    for _ in 0..<turns {
      turn(first, &ours)
      turn(second, &theirs)
    }
    return (ours.seconds / Double(ours.units), theirs.seconds / Double(theirs.units))
  }
}
