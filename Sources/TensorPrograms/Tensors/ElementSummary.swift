/// What one pass over the elements of a tensor tells of all of them.
package struct ElementSummary: Sendable {
  /// The sum of their squares, in double precision.
  package var sumOfSquares = 0.0
  /// Whether every one is finite.
  package var isFinite = true
  /// Whether every one is exactly zero.
  package var isZero = true
}

extension Tensor {
  /// What all elements are like together.
  package var summary: ElementSummary {
    switch scalarType {
    case .float32: buffer.summary(of: Float.self)
    case .float64: buffer.summary(of: Double.self)
    case .int32: fatalError("summaries are of floating-point numbers")
    }
  }

  /// Whether every element is exactly zero.
  public var isZero: Bool { splat.map { $0 == 0 } ?? summary.isZero }
}

extension Buffer {
  /// Four running sums, so that additions do not wait for one another.
  fileprivate func summary<Scalar: BinaryFloatingPoint>(
    of scalar: Scalar.Type
  ) -> ElementSummary {
    let elements = UnsafeRawBufferPointer(start: pointer, count: byteCount)
      .bindMemory(to: scalar)
    var sums = SIMD4<Double>()
    let whole = elements.count & ~3
    for first in stride(from: 0, to: whole, by: 4) {
      let four = SIMD4<Double>(
        Double(elements[first]), Double(elements[first + 1]), Double(elements[first + 2]),
        Double(elements[first + 3]))
      sums += four * four
    }
    for position in whole..<elements.count {
      let element = Double(elements[position])
      sums[0] += element * element
    }
    var summary = ElementSummary()
    summary.sumOfSquares = sums.sum()
    // Only a sum that is 0, or that is not finite, says less than its terms.
    summary.isZero = summary.sumOfSquares == 0 && elements.allSatisfy { $0 == 0 }
    summary.isFinite = summary.sumOfSquares.isFinite || elements.allSatisfy(\.isFinite)
    return summary
  }
}
