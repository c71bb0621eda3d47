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
    case .float32: buffer.summary(of: Float.self) { SIMD8<Double>($0) }
    case .float64: buffer.summary(of: Double.self) { $0 }
    case .int32: fatalError("summaries are of floating-point numbers")
    }
  }

  /// Whether every element is exactly zero.
  public var isZero: Bool { splat.map { $0 == 0 } ?? summary.isZero }
}

extension Buffer {
  fileprivate func summary<Scalar: BinaryFloatingPoint & SIMDScalar>(
    of scalar: Scalar.Type, widened: (SIMD8<Scalar>) -> SIMD8<Double>
  ) -> ElementSummary {
    let elements = UnsafeRawBufferPointer(start: pointer, count: byteCount)
      .bindMemory(to: scalar)
    // Running sums of their own, so that additions do not wait for one another.
    var sums = SIMD8<Double>()
    let whole = elements.count & ~7
    let bytes = UnsafeRawPointer(pointer)
    for first in stride(from: 0, to: whole, by: 8) {
      let eight = widened(
        bytes.loadUnaligned(
          fromByteOffset: first * MemoryLayout<Scalar>.stride, as: SIMD8<Scalar>.self))
      sums += eight * eight
    }
    for position in whole..<elements.count {
      let element = Double(elements[position])
      sums[position - whole] += element * element
    }
    var summary = ElementSummary()
    summary.sumOfSquares = sums.sum()
    // Only a sum that is 0, or that is not finite, says less than its terms.
    summary.isZero = summary.sumOfSquares == 0 && elements.allSatisfy { $0 == 0 }
    summary.isFinite = summary.sumOfSquares.isFinite || elements.allSatisfy(\.isFinite)
    return summary
  }
}
