import MetaLearning
import Reports

/// What theory says of a task beside what learned rates reached.
package enum ReferenceTable {
  /// A table with the ratio to each reference; nothing where there are none.
  ///
  /// - Parameter reached: the objective of each test run at the learned rates.
  package static func lines(_ references: [ReferenceValue], reached: [Double]) -> [String] {
    guard !references.isEmpty else { return [] }
    let summary = Summary(reached)
    // Runs without randomness differ by rounding alone.
    let error = summary.standardError.flatMap { $0 > 1e-12 * abs(summary.mean) ? $0 : nil }
    let table = Table(
      [.left("in closed form"), .right("objective"), .right("learned / it"), .right("± se")],
      rows: references.map { reference in
        [
          reference.name, Format.number(reference.value), ratio(summary.mean, reference.value),
          error.map { ratio($0, reference.value) } ?? "—",
        ]
      })
    let uncertainty = error.map { ", standard error \(Format.number($0))" } ?? ""
    return [
      "", "objective of learned rates: \(Format.number(summary.mean))\(uncertainty)", table.text,
    ]
  }

  /// A reference of 0 has no ratios.
  private static func ratio(_ value: Double, _ reference: Double) -> String {
    reference == 0 ? "—" : Format.number(value / reference)
  }
}
