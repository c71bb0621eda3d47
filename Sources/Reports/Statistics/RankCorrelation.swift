/// How far two quantities rise together, whatever their scales.
package enum RankCorrelation {
  /// Spearman's correlation: that of ranks, ties having the mean of theirs.
  ///
  /// - Returns: nil for fewer than three pairs, and where one of the two is constant.
  package static func spearman(_ first: [Double], _ second: [Double]) -> Double? {
    precondition(first.count == second.count, "correlations are of pairs")
    guard first.count >= 3 else { return nil }
    let (x, y) = (ranks(first), ranks(second))
    // Ranks have the same mean, with ties too.
    let mean = Double(first.count - 1) / 2
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for (a, b) in zip(x, y) {
      xx += (a - mean) * (a - mean)
      yy += (b - mean) * (b - mean)
      xy += (a - mean) * (b - mean)
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : nil
  }

  /// The rank of each number from 0; equal ones share the mean of theirs.
  package static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in order[start..<end] { ranks[place] = Double(start + end - 1) / 2 }
      start = end
    }
    return ranks
  }
}
