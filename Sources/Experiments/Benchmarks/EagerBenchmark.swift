import MetaLearning
import TensorPrograms

/// Operations on few elements outside of any compiled function, as scripts and debugging have them.
enum EagerBenchmark {
  private static let operations = 1000

  static func prepare(_ inputs: BenchmarkInputs) throws -> BenchmarkRun {
    let x = try inputs.tensor("x")
    func run(_ x: Tensor) -> Tensor {
      var y = x
      for _ in 0..<operations / 4 { y = (y * x + x).tanh() - x }
      return y
    }
    let start = Timing.now
    let y = run(x)
    let preparation = Timing.now - start
    return BenchmarkRun(
      preparation: preparation, outcome: { BenchmarkOutcome(loss: y.mean().scalar) },
      unit: { _ = run(x) },
      program: compile(like: x) { ($0 * $0 + $0).tanh() - $0 }.program, arguments: [x],
      operations: operations)
  }
}
