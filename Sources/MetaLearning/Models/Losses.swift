import TensorPrograms

extension LossFunction {
  /// The mean loss of outputs [batch, outputs]; targets are numbers of that shape for the squared
  /// error and int32 class indices [batch] for the cross-entropy.
  public func callAsFunction(_ outputs: Tensor, _ targets: Tensor) -> Tensor {
    switch self {
    case .meanSquaredError:
      return (outputs - targets).squared().mean()
    case .crossEntropy:
      let chosen = (outputs * LossFunction.oneHot(targets, like: outputs)).sum(axes: [1])
      return (outputs.logSumExp(axes: [1]) - chosen).mean()
    }
  }

  /// Whether targets are classes, of which a fraction can be right.
  public var hasAccuracy: Bool { self == .crossEntropy }

  /// The fraction of rows whose greatest output is the target's, where `hasAccuracy`.
  public func accuracy(_ outputs: Tensor, _ targets: Tensor) -> Tensor {
    let chosen = (outputs * LossFunction.oneHot(targets, like: outputs)).sum(axes: [1])
    return (outputs.maximum(axes: [1]) .<= chosen).mean()
  }

  /// Rows with a 1 at each class index, in the type and shape of the outputs.
  private static func oneHot(_ classes: Tensor, like outputs: Tensor) -> Tensor {
    classes.oneHot(count: outputs.shape[1], as: outputs.scalarType)
  }
}
