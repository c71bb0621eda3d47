import Foundation
import TensorPrograms

/// What a benchmark measured, with the keys that the peers' scripts print.
package struct BenchmarkResult: Sendable {
  package let workload: String
  package let variant: String
  /// Median of one unit.
  package let seconds: Double
  /// From the inputs to the first result, compilation included.
  package let firstSeconds: Double
  package let peakMegabytes: Double
  /// Peak memory before the workload began.
  package let idleMegabytes: Double
  package let outcome: BenchmarkOutcome
  /// Threads that shared the work.
  package let workers: Int
  /// Nanoseconds from one worker to another and back; nil with one worker.
  package let barrierNanoseconds: Double?

  /// One line of JSON.
  package var json: String {
    func number(_ value: Double?) -> String {
      value.map { $0.isFinite ? "\($0)" : "null" } ?? "null"
    }
    return """
      {"peer": "metarate", "workload": "\(workload)", "variant": "\(variant)", \
      "seconds": \(number(seconds)), "first_seconds": \(number(firstSeconds)), \
      "peak_mb": \(number(peakMegabytes)), "idle_mb": \(number(idleMegabytes)), \
      "loss": \(number(outcome.loss)), \
      "hypergradient_norm": \(number(outcome.hypergradientNorm)), \
      "initial_norm": \(number(outcome.initialNorm)), \
      "rates_norm": \(number(outcome.ratesNorm)), \
      "rate_change_norm": \(number(outcome.rateChangeNorm)), \
      "workers": \(workers), "sharing": "\(Backend.sharing.rawValue)", \
      "barrier_ns": \(number(barrierNanoseconds))}
      """
  }
}

/// This process's memory.
enum Memory {
  /// Makes the peak what is resident now, where the kernel lets a process say so.
  static func resetPeak() {
    guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
    try? file.write(contentsOf: Data("5".utf8))
    try? file.close()
  }

  /// The most that was ever resident, in MB of 2^20 bytes; the kernel's own count of this process,
  /// which unlike `getrusage` does not inherit its parent's.
  static var peakMegabytes: Double {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(separator: " ").compactMap({ Double($0) }).first
    else { return .nan }
    return (kilobytes / 1024 * 10).rounded() / 10
  }
}

/// How long things take.
package enum Timing {
  static var now: Double { ProcessInfo.processInfo.systemUptime }

  /// The median over at least so many units and seconds, after one that does not count.
  static func median(units: Int = 5, seconds: Double = 4, _ unit: () -> Void) -> Double {
    unit()
    var times: [Double] = []
    let start = now
    while times.count < units || (now - start < seconds && times.count < 2000) {
      let begin = now
      unit()
      times.append(now - begin)
    }
    return Summary(times).median
  }
}
