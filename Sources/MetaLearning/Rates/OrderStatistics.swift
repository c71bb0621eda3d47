extension Array where Element == Double {
  /// Moves elements about until those at the given positions are what they were if all were sorted:
  /// quantiles without the work of sorting what lies between them.
  ///
  /// Hoare's quickselect for several positions at once, with three-way partitions, since rates that
  /// start alike are alike. Time is linear in the elements on average.
  mutating func settle(_ positions: [Int]) {
    guard !isEmpty else { return }
    withUnsafeMutableBufferPointer { elements in
      var rest = [(range: elements.indices, positions: Array<Int>(Set(positions)))]
      while let (range, wanted) = rest.popLast() {
        guard range.count > 1, !wanted.isEmpty else { continue }
        let pivot = median(
          elements[range.lowerBound], elements[range.lowerBound + range.count / 2],
          elements[range.upperBound - 1])
        // Elements before `low` are less, from `high` on greater, in between equal, unseen ones
        // from `next` to `high`.
        var (low, next, high) = (range.lowerBound, range.lowerBound, range.upperBound)
        while next < high {
          if elements[next] < pivot {
            elements.swapAt(low, next)
            low += 1
            next += 1
          } else if elements[next] > pivot {
            high -= 1
            elements.swapAt(next, high)
          } else {
            next += 1
          }
        }
        rest.append((range.lowerBound..<low, wanted.filter { $0 < low }))
        rest.append((high..<range.upperBound, wanted.filter { $0 >= high }))
      }
    }
  }
}

private func median(_ a: Double, _ b: Double, _ c: Double) -> Double {
  max(min(a, b), min(max(a, b), c))
}
