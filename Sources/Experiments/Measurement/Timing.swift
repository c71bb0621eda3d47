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
}
