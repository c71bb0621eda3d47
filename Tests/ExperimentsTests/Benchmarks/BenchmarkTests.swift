import Experiments
import TensorPrograms
import Testing

/// The workloads that are measured, on inputs small enough for a test.
@Suite struct BenchmarkTests {
  private let inputs = GeneratedInputs.wide(sizes: [6, 8, 7, 3], steps: 4, batch: 5)

  @Test("what is stored does not change the outcome, and training alone has the same loss")
  func variantsAgree() throws {
    let all = try Benchmark.wide.prepare("storeAll", inputs).outcome()
    let few = try Benchmark.wide.prepare("everyStep", inputs).outcome()
    let plain = try Benchmark.wide.prepare("plain", inputs).outcome()
    #expect(all.loss == few.loss && all.loss == plain.loss)
    #expect(plain.hypergradientNorm == nil && plain.ratesNorm == nil)
    let (initial, rates) = (try #require(all.initialNorm), try #require(all.ratesNorm))
    #expect(abs(initial / (try #require(few.initialNorm)) - 1) < 1e-5)
    #expect(abs(rates / (try #require(few.ratesNorm)) - 1) < 1e-5)
    let whole = try #require(all.hypergradientNorm)
    #expect(initial > 0 && rates > 0)
    #expect(abs((initial * initial + rates * rates).squareRoot() / whole - 1) < 1e-6)
  }

  @Test("every workload runs in every variant", arguments: Benchmark.allCases)
  func runs(_ benchmark: Benchmark) throws {
    let inputs = try benchmark.generatedInputs()
    for variant in benchmark.variants.isEmpty ? [""] : benchmark.variants {
      let outcome = try benchmark.prepare(variant, inputs).outcome()
      #expect(outcome.loss.isFinite, "\(variant)")
    }
  }

  @Test("from one worker to another and back takes some time, where there is another")
  func barrier() {
    let found = Host.barrierNanoseconds(rounds: 20)
    #expect(found ?? 1 > 0 && (found == nil || ExecutionOptions.current.workers > 1))
  }

  @Test("a line of JSON has every key of the peers, null where there is no number")
  func json() throws {
    let line = try Benchmark.sinusoid1.measure(variant: "", inputs: nil).json
    for key in [
      "peer", "workload", "variant", "seconds", "first_seconds", "peak_mb", "idle_mb", "loss",
      "hypergradient_norm", "initial_norm", "rates_norm", "rate_change_norm", "workers",
      "barrier_ns",
    ] {
      #expect(line.contains("\"\(key)\": "), "\(key)")
    }
    #expect(line.contains("\"rate_change_norm\": null") && !line.contains("\"loss\": null"))
  }
}
