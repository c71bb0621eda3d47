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
  ///
  /// - Parameters:
  ///   - rows: what the function is given some of.
  ///   - scalar: the type of the mean.
  ///   - total: what some rows count together; nil where all count the same.
  ///   - body: the function.
  package func mean(
    over rows: Tensor, in scalar: ScalarType, counting total: ((Tensor) -> Tensor)? = nil,
    of body: (Tensor) -> Tensor
  ) -> Tensor {
    let count = rows.shape[0]
    guard let batch, batch < count else { return body(rows) }
    let (batches, rest) = count.quotientAndRemainder(dividingBy: batch)
    let whole = rows.slice(0..<batches * batch)
      .reshaped(to: Shape([batches, batch] + rows.shape.extents.dropFirst()))
    let type = TensorType(.scalar, scalar)
    func weight(_ rows: Tensor) -> Tensor {
      total?(rows) ?? Tensor(repeating: Double(rows.shape[0]) / Double(count), type)
    }
    // One after the other, each computed again in reverse: a loop without a carry would take several at
    // once.
    var sums = Tensor.scan(
      [Tensor.zeros(type), .zeros(type)], over: whole, length: batches, policy: .everyStep
    ) { sums, rows in
      let own = weight(rows)
      return ([sums[0] + own * body(rows), sums[1] + own], NoTensors())
    }.carry
    if rest > 0 {
      let last = rows.slice(batches * batch..<count)
      let own = weight(last)
      sums = [sums[0] + own * body(last), sums[1] + own]
    }
    // Without weights of rows they add up to 1; weights that are all 0 leave 0 / tiny.
    return total == nil ? sums[0] : sums[0] / .maximum(sums[1], Tensor(repeating: 1e-30, type))
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
