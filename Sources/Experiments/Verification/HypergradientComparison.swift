import Foundation
import MetaLearning
import TensorPrograms

/// The reverse-mode hypergradient of a configuration beside another way to compute it.
package struct HypergradientComparison: Sendable {
  /// The other way.
  package enum Reference: String, Sendable, CaseIterable {
    case forward, finiteDifferences
  }

  /// The table, and how long each side took.
  package let text: String
  /// Whether every row is within the tolerance of the precision.
  package let agrees: Bool

  /// Forward mode pushes one tangent a rate: beyond this, nobody wants to wait.
  private static let mostForwardRates = 10_000
  /// Random directions that finite differences look along.
  private static let directions = 8

  package init(_ configuration: RunConfiguration, against reference: Reference) throws {
    self = try HypergradientComparison.compare(
      configuration, try configuration.makeTask(), reference)
  }

  private init(text: String, agrees: Bool) {
    self.text = text
    self.agrees = agrees
  }

  private static func compare<Task: LearningTask>(
    _ configuration: RunConfiguration, _ task: Task, _ reference: Reference
  ) throws -> HypergradientComparison {
    let problem = try configuration.planned(try configuration.problem(task))
    let batch = problem.batch(
      role: .training, seed: configuration.seed, indices: 0..<UInt64(configuration.outer.tasks))
    let raw = try problem.initialRaw(seed: configuration.seed)
    let function = ReverseHypergradient(problem, like: batch)
    let start = Timing.now
    let exact = function(batch, raw: raw, scalars: problem.scalars)
    let seconds = Timing.now - start
    let isDouble = configuration.precision == .double
    switch reference {
    case .forward:
      guard problem.rates.count <= mostForwardRates else {
        throw RateError.unsupported(
          "forward mode for \(problem.rates.count) rates (at most \(mostForwardRates); try "
            + "rates.granularity=layer)")
      }
      let forward = ForwardHypergradient(problem, like: batch)
      let begin = Timing.now
      let other = forward(batch, raw: raw, scalars: problem.scalars).rates
      return tensors(
        problem.rates.names, exact.rates, other, seconds, Timing.now - begin,
        tolerance: isDouble ? 1e-10 : 1e-3)
    case .finiteDifferences:
      return directional(
        problem, batch, raw, exact, seconds, configuration.seed, tolerance: isDouble ? 1e-5 : 5e-2,
        step: isDouble ? 1e-5 : 1e-2)
    }
  }

  private static func tensors(
    _ names: [ParameterPath], _ exact: [Tensor], _ other: [Tensor], _ seconds: Double,
    _ otherSeconds: Double, tolerance: Double
  ) -> HypergradientComparison {
    var agrees = true
    let rows = zip(names, zip(exact, other)).map { name, pair in
      let (a, b) = (pair.0.doubles, pair.1.doubles)
      let scale = b.map(abs).max() ?? 0
      let gap = zip(a, b).map { ($0 - $1).isFinite ? abs($0 - $1) : .infinity }.max() ?? 0
      let error = gap == 0 ? 0 : gap / max(scale, .leastNormalMagnitude)
      agrees = agrees && error <= tolerance
      let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
      let cosine = product / max(globalNorm([pair.0]) * globalNorm([pair.1]), .leastNormalMagnitude)
      return [
        "\(name)", "\(a.count)", Format.number(globalNorm([pair.0])),
        String(format: "%.12f", cosine), String(format: "%.1e", error),
      ]
    }
    let table = Table(
      [
        .left("raw rates"), .right("numbers"), .right("norm"), .right("cosine"),
        .right("relative error"),
      ], rows: rows)
    return HypergradientComparison(
      text: table.text + "\n" + footer("forward", seconds, otherSeconds, tolerance), agrees: agrees)
  }

  private static func directional<Task: LearningTask>(
    _ problem: InnerProblem<Task>, _ batch: EpisodeBatch, _ raw: [Tensor], _ exact: Hypergradient,
    _ seconds: Double, _ seed: UInt64, tolerance: Double, step: Double
  ) -> HypergradientComparison {
    let differences = FiniteDifferences(problem, like: batch)
    var stream = RandomStream(seed: seed, purpose: "directions")
    var agrees = true
    var rows: [[String]] = []
    let begin = Timing.now
    for index in 0..<directions {
      // Unit directions near the hypergradient keep the derivative well above rounding.
      let noise = raw.map { type in
        Tensor(type.doubles.map { _ in stream.normal() }, type.type)
      }
      let (size, length) = (globalNorm(exact.rates), globalNorm(noise))
      let mixed = zip(exact.rates, noise).map {
        $0 * (1 / max(size, .leastNormalMagnitude)) + $1 * (1 / length)
      }
      let direction = mixed.map { $0 * (1 / globalNorm(mixed)) }
      let expected = differences.derivative(
        batch, raw: raw, scalars: problem.scalars, along: direction, step: step)
      let found = zip(exact.rates, direction).reduce(0) { $0 + ($1.0 * $1.1).sum().scalar }
      let error = abs(found - expected) / max(abs(expected), .leastNormalMagnitude)
      agrees = agrees && error <= tolerance
      rows.append([
        "\(index + 1)", String(format: "%.10g", found), String(format: "%.10g", expected),
        String(format: "%.1e", error),
      ])
    }
    let table = Table(
      [
        .right("direction"), .right("reverse"), .right("finite differences"),
        .right("relative error"),
      ], rows: rows)
    return HypergradientComparison(
      text: table.text + "\n"
        + footer("finite differences", seconds, Timing.now - begin, tolerance),
      agrees: agrees)
  }

  private static func footer(
    _ name: String, _ seconds: Double, _ other: Double, _ tolerance: Double
  ) -> String {
    "reverse \(Format.number(seconds)) s, \(name) \(Format.number(other)) s; "
      + "tolerance \(tolerance)"
  }
}
