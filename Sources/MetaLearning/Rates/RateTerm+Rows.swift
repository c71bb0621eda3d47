/// Which steps read which rows of a term's time.
extension RateTerm {
  /// The set of each row of time that is one number in this term and in another.
  func setsOfRows(within other: RateTerm) -> [Int] {
    guard let rows, other.time != .constant else { return [Int](repeating: 0, count: rows ?? 1) }
    if time == other.time { return Array(0..<rows) }
    // Step by step; what knots and steps have in common is no set of rows.
    return DisjointSets(rows, joining: rowOfStep, alikeIn: other.rowOfStep).sets
  }

  /// The row of each step that reads one row.
  private var rowOfStep: [Int] {
    switch time {
    case .constant, .knots: [Int](repeating: 0, count: steps)
    case .window(let width): (0..<steps).map { $0 / width }
    case .step: Array(0..<steps)
    }
  }

  /// How many steps read each row; of a knot, how much of it they read.
  var lengthsOfRows: [Double] {
    switch time {
    case .constant: return [Double(steps)]
    case .knots(let count):
      var lengths = [Double](repeating: 0, count: count)
      for step in 0..<steps {
        for (knot, weight) in RateRows.knotWeights(count, at: step, of: steps).enumerated() {
          lengths[knot] += weight
        }
      }
      return lengths
    case .window, .step:
      var lengths = [Double](repeating: 0, count: rows!)
      for row in rowOfStep { lengths[row] += 1 }
      return lengths
    }
  }
}
