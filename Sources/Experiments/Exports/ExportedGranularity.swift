import TensorPrograms

/// How finely rates leave: one per parameter, or the geometric mean of those that share a unit or a
/// tensor.
package enum ExportedGranularity: String, CaseIterable, Sendable {
  /// One per parameter, as they are.
  case parameter
  /// One per position along a tensor's axis before the last.
  case inputUnit
  /// One per position along a tensor's last axis.
  case outputUnit
  /// One per tensor.
  case tensor

  /// In words.
  var text: String {
    switch self {
    case .parameter: "one rate per parameter"
    case .inputUnit: "geometric means, one rate per input unit"
    case .outputUnit: "geometric means, one rate per output unit"
    case .tensor: "geometric means, one rate per tensor"
    }
  }

  /// The rates of a tensor, or their means: axes that are averaged over have extent 1, and of a tensor's
  /// one rate there is no axis but that of time.
  ///
  /// - Parameters:
  ///   - rates: those of a tensor's parameters.
  ///   - hasTime: whether the first axis runs over time.
  /// - Throws: `GeometricMean.Refusal` where rates have no geometric mean: of different signs, or of which some are 0.
  package func mean(of rates: Tensor, hasTime: Bool) throws(GeometricMean.Refusal) -> Tensor {
    let first = hasTime ? 1 : 0
    let own = first..<rates.rank
    let kept: Int? =
      switch self {
      case .parameter: nil
      case .tensor: nil
      case .inputUnit: own.count >= 2 ? rates.rank - 2 : nil
      case .outputUnit: own.isEmpty ? nil : rates.rank - 1
      }
    if self == .parameter { return rates }
    // Rows of what is averaged: whatever is kept comes first.
    let order = Array(0..<first) + (kept.map { [$0] } ?? []) + own.filter { $0 != kept }
    let extents = rates.shape.extents
    let count = (Array(0..<first) + (kept.map { [$0] } ?? [])).reduce(1) { $0 * extents[$1] }
    let numbers = rates.transposed(order).doubles
    let width = numbers.count / max(1, count)
    var means: [Double] = []
    for row in 0..<count {
      means.append(try GeometricMean.of(numbers[row * width..<(row + 1) * width]))
    }
    let shape =
      self == .tensor
      ? Array(extents[..<first])
      : extents.enumerated().map { $0 < first || $0 == kept ? $1 : 1 }
    return Tensor(means, TensorType(Shape(shape), rates.scalarType))
  }
}
