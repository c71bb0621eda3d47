import ArgumentParser
import Configurations
import Experiments
import Foundation
import TensorPrograms

/// Recomputes golden hypergradients, or simulates what the statistics hold.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recomputes golden hypergradients and compares them, in double precision.",
    discussion: """
      One line a case, with the largest relative error of each group of results. Exit code 0 only
      if every case agrees. Also a check of the BLAS library of this machine.

      With --statistics, what the intervals and verdicts of ablations hold is simulated instead, in \
      some minutes: README.md, tables and figures go to the folder. Exit code 0 only if intervals are \
      shown where they cover what they say.

      Examples:
        \(Metarate.name) verify
        \(Metarate.name) verify --cases my-cases
        \(Metarate.name) verify --statistics results/statistics
      """)

  @Option(help: ArgumentHelp("Folder of cases (*.h5) instead of those inside.", valueName: "dir"))
  var cases: String?

  @Option(
    help: ArgumentHelp("Simulate the statistics, into this folder.", valueName: "dir"))
  var statistics: String?

  func run() throws {
    if let statistics {
      try simulate(into: statistics)
    } else {
      try recompute()
    }
  }

  private func simulate(into folder: String) throws {
    // What cannot be written need not be computed.
    try RunFolder.make(folder)
    let study = StatisticsStudy { Console.note($0 + "\n") }
    let figures = try study.write(to: folder)
    Console.show(study.markdown)
    for file in ["\(folder)/README.md"] + figures { Console.show("written: \(file)") }
    guard study.faults.isEmpty else {
      throw CheckFailed(
        message: study.faults.map { "metarate: \($0)" }.joined(separator: "\n"))
    }
  }

  private func recompute() throws {
    let found = try cases.map(GoldenSuite.inFolder) ?? EmbeddedData.goldenCases
    let width = found.map(\.name.count).max() ?? 0
    var failures = 0
    for (name, bytes) in found {
      let padded = name.padding(toLength: width, withPad: " ", startingAt: 0)
      do {
        let comparisons = try GoldenCase(name: name, bytes: bytes).compare()
        let agrees = comparisons.allSatisfy(\.agrees)
        if !agrees { failures += 1 }
        let errors = comparisons.map { comparison in
          comparison.group + (comparison.agrees ? " " : " ! ")
            + String(format: "%.1e", comparison.relativeError)
        }
        Console.show("\(padded)  \(agrees ? "ok  " : "FAIL")  \(errors.joined(separator: "  "))")
      } catch {
        failures += 1
        Console.show("\(padded)  FAIL  \(error)")
      }
    }
    Console.show("large products by \(Host.largeProducts); kernels for \(Host.kernels)")
    let tolerance = "tolerance \(GoldenCase.relative) relative + \(GoldenCase.absolute)"
    Console.show("\(found.count - failures) of \(found.count) cases agree (\(tolerance))")
    if failures > 0 {
      throw CheckFailed(message: "metarate: \(failures) of \(found.count) cases do not agree")
    }
  }
}
