import Configurations
import Experiments
import MetaLearning

/// Watches a run and says nothing.
struct Silence: RunObserver {
  mutating func note(_ message: String) {}
  mutating func validatedStart(_ objective: Double) {}
  mutating func stepped(_ report: OuterReport, of steps: Int, seconds: Double) {}
  mutating func finish() {}
}
