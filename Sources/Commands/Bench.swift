import ArgumentParser
import Experiments
import Reports

/// Measures a workload that other frameworks run as well.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures one workload that the peers in experiments/peers run as well.",
    discussion: """
      Workloads and their variants:
      \(Benchmark.allCases.map(\.line).joined(separator: "\n"))
      One process measures one workload, so that its peak memory is its own.

      Examples:
        \(Metarate.name) bench long-horizon --variant segments
        \(Metarate.name) bench sinusoid-1 --json --inputs inputs/sinusoid.h5
        \(Metarate.name) bench wide --profile
      """)

  @Argument(help: "The workload.")
  var workload: Benchmark

  @Option(help: ArgumentHelp("The variant; the first of those below where none is given."))
  var variant = ""

  @Option(
    help: ArgumentHelp(
      "HDF5 file of inputs, made by experiments/peers/inputs.py.", valueName: "file"))
  var inputs: String?

  @Flag(help: "Print one line of JSON with the peers' keys.")
  var json = false

  @Flag(help: "Print where the time goes, kernel by kernel.")
  var profile = false

  func validate() throws {
    guard !(json && profile) else { throw ValidationError("--profile has no JSON form") }
    guard variant.isEmpty || workload.variants.contains(variant) else {
      throw ValidationError(
        workload.variants.isEmpty
          ? "\(workload.rawValue) has no variants; leave --variant out"
          : "\(workload.rawValue) has no variant '\(variant)'; its variants: "
            + workload.variants.joined(separator: ", "))
    }
  }

  func run() throws {
    if profile {
      Console.show(try workload.profile(variant: variant, inputs: inputs).text)
      return
    }
    let result = try workload.measure(variant: variant, inputs: inputs)
    if json {
      Console.show(result.json)
      return
    }
    func row(_ name: String, _ value: Double?, _ unit: String) -> [String] {
      [name, value.map { Format.number($0) } ?? "—", unit]
    }
    Console.show(
      Table(
        [.left("\(result.workload) \(result.variant)"), .right(""), .left("")],
        rows: [row(result.measured, result.seconds * 1000, "ms")]
          + (result.hypergradientSeconds.map {
            [
              row("its hypergradient, mean", $0 * 1000, "ms"),
              row("step over hypergradient", result.seconds / $0, ""),
            ]
          } ?? []) + [
            row("first result", result.firstSeconds * 1000, "ms"),
            row("peak memory", result.peakMegabytes, "MB"),
            row("peak over idle", result.peakMegabytes - result.idleMegabytes, "MB"),
            row("loss", result.outcome.loss, ""),
            row("hypergradient norm", result.outcome.hypergradientNorm, ""),
            row("workers", Double(result.workers), ""),
            row("from one to another and back", result.barrierNanoseconds, "ns"),
          ]
      ).text)
  }
}

extension Benchmark: ExpressibleByArgument {}

extension Benchmark {
  /// A line of the help.
  fileprivate var line: String {
    variants.isEmpty ? "  \(rawValue)" : "  \(rawValue): \(variants.joined(separator: ", "))"
  }
}
