extension Array where Element == Double {
  /// Moves elements about until those at the given positions, in ascending order, are what they
  /// were if all were sorted: quantiles without the work of sorting what lies between them.
  ///
  /// Hoare's quickselect for several positions at once. Time is linear in the elements on average.
  /// What is not a number counts as greater than any.
  mutating func settle(_ positions: [Int]) {
    // No pivot divides what does not compare.
    for index in indices where self[index].isNaN { self[index] = .infinity }
    withUnsafeMutableBufferPointer { $0.settle($0.indices, positions[...]) }
  }
}

extension UnsafeMutableBufferPointer<Double> {
  fileprivate func settle(_ range: Range<Int>, _ positions: ArraySlice<Int>) {
    var (range, positions) = (range, positions)
    while range.count > 1, !positions.isEmpty {
      let pivot = median(
        self[range.lowerBound], self[range.lowerBound + range.count / 2],
        self[range.upperBound - 1])
      let low = partition(range) { $0 < pivot }
      // Rates that start alike are alike: what equals the pivot is settled.
      let high = partition(low..<range.upperBound) { $0 <= pivot }
      let less = (range.lowerBound..<low, positions.prefix { $0 < low })
      let greater = (high..<range.upperBound, positions.drop { $0 < high })
      // The shorter side first, so that calls are at most as deep as the logarithm of the count.
      let (shorter, longer) =
        less.0.count < greater.0.count ? (less, greater) : (greater, less)
      settle(shorter.0, shorter.1)
      (range, positions) = longer
    }
  }

  /// Moves the elements of a range for which `isFirst` holds before the others, and returns where
  /// these begin. No branch depends on the elements (Lomuto's partition), since it could not be
  /// foreseen.
  private func partition(_ range: Range<Int>, _ isFirst: (Double) -> Bool) -> Int {
    var low = range.lowerBound
    for position in range {
      let element = self[position]
      self[position] = self[low]
      self[low] = element
      low += isFirst(element) ? 1 : 0
    }
    return low
  }
}

private func median(_ a: Double, _ b: Double, _ c: Double) -> Double {
  max(min(a, b), min(max(a, b), c))
}
