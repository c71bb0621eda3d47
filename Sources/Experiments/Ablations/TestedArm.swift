import Reports

/// An arm after test runs of one length, by repetition.
package struct TestedArm: Sendable {
  package let cells: [AblationCell]
  package let tests: [AblationTest]

  /// - Parameter horizon: which of the horizons.
  package init(_ cells: [AblationCell], horizon: Int) {
    self.cells = cells
    tests = cells.map { $0.tests[horizon] }
  }

  package var name: String { cells[0].name }

  /// Mean losses of repetitions, +∞ where a run diverged.
  package var means: [Double] { tests.map { Summary($0.objectives).mean } }

  /// After how many steps losses were taken on the way.
  var curveSteps: [Int] { tests[0].curve.steps }

  /// A curve over all repetitions.
  func curve(_ values: (CurveSummary) -> [Double]) -> [Double] {
    let rows = tests.map { values($0.curve) }
    return curveSteps.indices.map { point in Summary(rows.map { $0[point] }).mean }
  }
}
