import Foundation
import Reports
import TensorPrograms

/// Where the time of a compiled function goes, beside what the machine can do.
package struct ProfileReport: Sendable {
  /// Kernels with lines of their own.
  private static let most = 25

  private let profile: Profile
  /// Seconds of a run whose kernels nobody times.
  private let seconds: Double
  private let runs: Int
  private let scalar: ScalarType
  private let productRate: ProductRate

  /// Runs a function for at least a second and five times, after a run that does not count.
  package init(_ function: CompiledProgram, _ arguments: [Tensor]) {
    seconds = Timing.times(units: 3, seconds: 0.5) { _ = function(arguments) }.median
    runs = max(5, Int((1 / seconds).rounded(.up)))
    profile = function.profile(arguments, runs: runs)
    scalar = function.outputTypes.first { $0.scalar != .int32 }?.scalar ?? .float32
    productRate = ProductRate(scalar)
  }

  /// Tables and the bound.
  package var text: String {
    [kernelTable, kindTable, summary].joined(separator: "\n")
  }

  private var kernelTable: String {
    let lines = profile.lines.sorted { $0.milliseconds > $1.milliseconds }
    var table = Table([
      .right("share"), .right("ms"), .right("calls"), .right("µs per call"), .right("rate"),
      .left(""), .left("kernel"), .left("in"),
    ])
    for line in lines.prefix(Self.most) {
      let perCall = 1000 * line.milliseconds * Double(line.workers) / Double(max(line.calls, 1))
      let own = line.kind == .loops ? " (own)" : ""
      table.append(
        [share(line.milliseconds), Format.number(line.milliseconds), "\(line.calls)"]
          + [Format.number(perCall)] + rate(line.kind, line.work, line.milliseconds)
          + [line.text + own, line.place.joined(separator: " › ")])
    }
    let rest = lines.dropFirst(Self.most)
    if !rest.isEmpty {
      let milliseconds = rest.reduce(0) { $0 + $1.milliseconds }
      let calls = rest.reduce(0) { $0 + $1.calls }
      table.append(
        [share(milliseconds), Format.number(milliseconds), "\(calls)", "", "", ""]
          + ["\(rest.count) others"])
    }
    return table.text
  }

  private var kindTable: String {
    var table = Table([
      .left("kind"), .right("share"), .right("ms"), .right("calls"), .right("rate"), .left(""),
    ])
    for kind in Kernel.Kind.allCases {
      let (milliseconds, calls, work) = total(kind)
      table.append(
        [kind == .loops ? "loops' overhead" : kind.rawValue, share(milliseconds)]
          + [Format.number(milliseconds), "\(calls)"] + rate(kind, work, milliseconds))
    }
    let outside = profile.outsideMilliseconds
    table.append(["outside of kernels", share(outside), Format.number(outside)])
    return table.text
  }

  private var summary: String {
    let (milliseconds, _, operations) = total(.products)
    let atBest = Double(operations) / productRate.best * 1000
    let routine = scalar == .float64 ? "dgemm" : "sgemm"
    let size = ProductRate.size
    return """
      a run: \(Format.number(profile.seconds * 1000)) ms, \
      \(Format.number(seconds * 1000)) ms where no kernel is timed; \(runs) runs, \
      \(ExecutionOptions.current.workers) workers
      products of \(size) × \(size) × \(size) on all workers at once: \
      \(gigas(productRate.openBLAS)) GFLOP/s by \(routine) (\(Host.blas)), \
      \(gigas(productRate.kernel)) by our kernel (\(Host.kernels))
      a run's products: \(Format.number(milliseconds)) ms; at the better of these rates \
      \(Format.number(atBest)) ms, \(Format.percent(atBest / (profile.seconds * 1000))) of the run
      """
  }

  private func total(_ kind: Kernel.Kind) -> (milliseconds: Double, calls: Int, work: Int) {
    profile.lines.filter { $0.kind == kind }.reduce((0, 0, 0)) {
      ($0.0 + $1.milliseconds, $0.1 + $1.calls, $0.2 + $1.work)
    }
  }

  private func share(_ milliseconds: Double) -> String {
    Format.percent(milliseconds / 1000 / profile.seconds)
  }

  /// A rate and its unit.
  private func rate(_ kind: Kernel.Kind, _ work: Int, _ milliseconds: Double) -> [String] {
    guard kind != .loops, milliseconds > 0 else { return ["", ""] }
    return [
      gigas(Double(work) / milliseconds * 1000), kind == .products ? "GFLOP/s" : "GB/s",
    ]
  }

  private func gigas(_ value: Double) -> String { String(format: "%.1f", value / 1e9) }
}
