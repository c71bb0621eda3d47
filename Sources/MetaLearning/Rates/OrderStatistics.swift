extension Array where Element == Double {
  /// Moves elements about until those at the given positions are what they were if all were sorted:
  /// quantiles without the work of sorting what lies between them.
  ///
  /// Hoare's quickselect for several positions at once. Time is linear in the elements on average.
  mutating func settle(_ positions: [Int]) {
    guard !isEmpty else { return }
    withUnsafeMutableBufferPointer { elements in
      var rest = [(range: elements.indices, positions: Array<Int>(Set(positions)))]
      while let (range, wanted) = rest.popLast() {
        guard range.count > 1, !wanted.isEmpty else { continue }
        let pivot = median(
          elements[range.lowerBound], elements[range.lowerBound + range.count / 2],
          elements[range.upperBound - 1])
        let low = elements.partition(range) { $0 < pivot }
        // Rates that start alike are alike: what equals the pivot is settled.
        let high = elements.partition(low..<range.upperBound) { $0 <= pivot }
        rest.append((range.lowerBound..<low, wanted.filter { $0 < low }))
        rest.append((high..<range.upperBound, wanted.filter { $0 >= high }))
      }
    }
  }
}

extension UnsafeMutableBufferPointer<Double> {
  /// Moves the elements of a range for which `isFirst` holds before the others, and returns where
  /// these begin. No branch depends on the elements (Lomuto's partition), since it could not be
  /// foreseen.
  fileprivate func partition(_ range: Range<Int>, _ isFirst: (Double) -> Bool) -> Int {
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
