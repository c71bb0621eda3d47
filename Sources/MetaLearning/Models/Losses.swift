import Settings
import TensorPrograms

extension LossFunction {
  /// The mean loss of outputs [batch, outputs]; targets are int32 class indices [batch] for the
  /// cross-entropy, and numbers of the outputs' shape for every other loss.
  ///
  /// - Parameters:
  ///   - outputs: what a model answers.
  ///   - targets: what it should answer.
  ///   - weights: what each example [batch], or each of its numbers [batch, outputs], counts in the mean:
  ///     Σ wℓ / Σ w, and 0 where all weights are 0. Nil counts all the same.
  public func callAsFunction(
    _ outputs: Tensor, _ targets: Tensor, weights: Tensor? = nil
  ) -> Tensor {
    let losses = each(outputs, targets)
    guard let weights else { return losses.mean() }
    return LossFunction.mean(losses, weights)
  }

  /// The mean loss over batch and, where outputs [batch, positions, outputs] have any, positions;
  /// classes are [batch, positions] then.
  package func atPositions(_ outputs: Tensor, _ targets: Tensor) -> Tensor {
    guard isOfClasses, outputs.rank > 2 else { return self(outputs, targets) }
    let count = targets.shape.count
    return self(
      outputs.reshaped(to: [count, outputs.shape[outputs.rank - 1]]), targets.reshaped(to: [count]))
  }

  /// The losses of examples [batch] or, except for the cross-entropy, of their numbers [batch, outputs].
  private func each(_ outputs: Tensor, _ targets: Tensor) -> Tensor {
    switch self {
    case .meanSquaredError:
      return (outputs - targets).squared()
    case .meanAbsoluteError:
      return (outputs - targets).absolute()
    case .huber(let threshold):
      let error = (outputs - targets).absolute()
      let clipped = error - (error - threshold).relu()
      return clipped * (error - 0.5 * clipped)
    case .crossEntropy:
      let chosen = (outputs * LossFunction.oneHot(targets, like: outputs)).sum(axes: [1])
      return outputs.logSumExp(axes: [1]) - chosen
    case .smoothedCrossEntropy(let smoothing):
      let chosen = (outputs * LossFunction.oneHot(targets, like: outputs)).sum(axes: [1])
      return outputs.logSumExp(axes: [1]) - (1 - smoothing) * chosen - smoothing
        * outputs.mean(axes: [1])
    case .binaryCrossEntropy:
      return outputs.softplus() - outputs * targets
    }
  }

  /// Whether there are right answers, of which a fraction can be counted.
  public var hasAccuracy: Bool {
    switch self {
    case .crossEntropy, .smoothedCrossEntropy, .binaryCrossEntropy: true
    case .meanSquaredError, .meanAbsoluteError, .huber: false
    }
  }

  /// The fraction of right answers: of rows whose greatest output is the target's class, of numbers on
  /// the right side of 1/2 for the binary cross-entropy; nil for other numeric targets.
  ///
  /// - Parameters:
  ///   - outputs: what a model answers.
  ///   - targets: what it should answer.
  ///   - weights: what of weight 0 is not counted.
  public func accuracy(_ outputs: Tensor, _ targets: Tensor, weights: Tensor? = nil) -> Tensor? {
    let right: Tensor
    switch self {
    case .crossEntropy, .smoothedCrossEntropy:
      let chosen = (outputs * LossFunction.oneHot(targets, like: outputs)).sum(axes: [1])
      right = outputs.maximum(axes: [1]) .<= chosen
    case .binaryCrossEntropy:
      right = (targets .> 0.5) .== (outputs .> 0)
    case .meanSquaredError, .meanAbsoluteError, .huber: return nil
    }
    guard let weights else { return right.mean() }
    return LossFunction.mean(right, weights .> 0)
  }

  /// Σ wx / Σ w, of numbers [batch] or [batch, outputs] with weights [batch] or as many.
  private static func mean(_ numbers: Tensor, _ weights: Tensor) -> Tensor {
    let wide =
      weights.rank < numbers.rank
      ? weights.broadcast(to: numbers.shape, axes: [0]) : weights
    // Weights that are all 0 leave 0 / tiny.
    let total = Tensor.maximum(
      wide.sum(), Tensor(repeating: 1e-30, TensorType([], numbers.scalarType)))
    return (numbers * wide).sum() / total
  }

  /// Rows with a 1 at each class index, in the type and shape of the outputs.
  private static func oneHot(_ classes: Tensor, like outputs: Tensor) -> Tensor {
    classes.oneHot(count: outputs.shape[1], as: outputs.scalarType)
  }
}

extension Form<LossFunction> {
  /// A loss by its word, or with its settings.
  public static var loss: Form {
    .choice(
      "a loss",
      [
        Alternative("meanSquaredError", .meanSquaredError, "the mean of squared errors"),
        Alternative("meanAbsoluteError", .meanAbsoluteError, "the mean of absolute errors"),
        Alternative(
          "huber", 1.0, "squared errors up to a threshold, absolute ones beyond it",
          Setting(
            "threshold", \.self, .number(.positive), "where errors begin to count as absolute"),
          value: { .huber(threshold: $0) },
          payload: { if case .huber(let threshold) = $0 { threshold } else { nil } }),
        Alternative(
          "crossEntropy", 0.0, "of one class for each example",
          Setting(
            "smoothing", \.self, .number(.belowOne),
            "fraction of each target that is spread over all classes"),
          value: { $0 == 0 ? .crossEntropy : .smoothedCrossEntropy($0) },
          payload: {
            switch $0 {
            case .crossEntropy: 0
            case .smoothedCrossEntropy(let smoothing): smoothing
            default: nil
            }
          }),
        Alternative(
          "binaryCrossEntropy", .binaryCrossEntropy,
          "of targets from 0 to 1, each output a question of its own"),
      ])
  }
}
