import Settings
import TensorPrograms

/// How trained weights are evaluated.
public struct EvaluationSpecification: Sendable, Equatable {
  /// Examples at a time; nil for all at once.
  ///
  /// With layers that normalize by the batch at hand, the partition is a part of the objective: rows in
  /// the order in which a run has them, the last batch perhaps smaller.
  public var batch: Int?

  /// All examples at once, unless said otherwise.
  public init(batch: Int? = nil) { self.batch = batch }

  /// The mean over rows [count, …] of a function that gives the mean over those it is given, taken batch
  /// by batch: a loop, in reverse too, that needs the memory of one.
  func mean(over rows: Tensor, in scalar: ScalarType, of body: (Tensor) -> Tensor) -> Tensor {
    let count = rows.shape[0]
    guard let batch, batch < count else { return body(rows) }
    let (batches, rest) = count.quotientAndRemainder(dividingBy: batch)
    let whole = rows.slice(0..<batches * batch)
      .reshaped(to: Shape([batches, batch] + rows.shape.extents.dropFirst()))
    let start = Tensor.zeros(TensorType(.scalar, scalar))
    // One after the other, each computed again in reverse: a loop without a carry would take several at
    // once.
    let sum = Tensor.scan(start, over: whole, length: batches, policy: .everyStep) { sum, rows in
      (sum + body(rows), NoTensors())
    }.carry
    let mean = sum * (Double(batch) / Double(count))
    guard rest > 0 else { return mean }
    return mean + body(rows.slice(batches * batch..<count)) * (Double(rest) / Double(count))
  }
}

extension EvaluationSpecification: Configurable {
  /// The batch.
  public static let schema = Schema<Self>(
    "how trained weights are evaluated",
    Setting(
      "batch", \.batch, .optional(.integer(1...1_000_000_000)), unit: "examples",
      "how many at a time, so that memory is that of so many; none: all at once"))
}
