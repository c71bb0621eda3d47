import Foundation
import TensorPrograms

/// What a benchmark measured, with the keys that the peers' scripts print.
package struct BenchmarkResult: Sendable {
  package let workload: String
  package let variant: String
  /// What took `seconds`: `one unit, median`.
  package let measured: String
  /// Median of one unit; of outer steps, some of which are validated or saved, the mean.
  package let seconds: Double
  /// Mean of the hypergradient that an outer step has; nil for other workloads.
  package let hypergradientSeconds: Double?
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
      "hypergradient_seconds": \(number(hypergradientSeconds)), \
      "peak_mb": \(number(peakMegabytes)), "idle_mb": \(number(idleMegabytes)), \
      "loss": \(number(outcome.loss)), \
      "hypergradient_norm": \(number(outcome.hypergradientNorm)), \
      "initial_norm": \(number(outcome.initialNorm)), \
      "rates_norm": \(number(outcome.ratesNorm)), \
      "rate_change_norm": \(number(outcome.rateChangeNorm)), \
      "workers": \(workers), "sharing": "\(ExecutionOptions.current.sharing.rawValue)", \
      "barrier_ns": \(number(barrierNanoseconds))}
      """
  }
}
