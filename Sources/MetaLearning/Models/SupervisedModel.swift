import TensorPrograms

/// A model that answers a batch of inputs: what a table of examples can train.
public protocol SupervisedModel: Trainable {
  /// Outputs [batch, outputs] for inputs [batch, …]; a training pass may change the model's state.
  mutating func callAsFunction(_ inputs: Tensor, _ pass: inout ForwardPass) -> Tensor
  /// Shapes of the random numbers that a training pass of so many examples takes from
  /// `ForwardPass.draw`, in that order; none by default.
  func drawShapes(batch: Int) -> [Shape]
}

extension SupervisedModel {
  /// It draws nothing at random.
  public func drawShapes(batch: Int) -> [Shape] { [] }

  /// Outputs [batch, outputs] of a training pass.
  ///
  /// - Parameters:
  ///   - inputs: [batch, …].
  ///   - batch: the step's row of an episode's tensors, which ends with those of
  ///     `draw(_:batch:_:into:)`.
  public mutating func trained(on inputs: Tensor, _ batch: [Tensor]) -> Tensor {
    let draws = drawShapes(batch: inputs.shape[0]).count
    // An episode's tensors are a task's, but for these at their end.
    var pass = ForwardPass.training(Array(batch.suffix(draws)))
    return self(inputs, &pass)
  }

  /// Outputs [batch, outputs] of a model that is evaluated rather than trained.
  public func callAsFunction(_ inputs: Tensor) -> Tensor {
    var (model, pass) = (self, ForwardPass.evaluation)
    return model(inputs, &pass)
  }
}

/// One pass of a batch through a model's layers.
public struct ForwardPass {
  /// Whether the model is being trained rather than evaluated.
  public let isTraining: Bool
  private var draws: ArraySlice<Tensor>

  private init(isTraining: Bool, draws: [Tensor]) {
    self.isTraining = isTraining
    self.draws = draws[...]
  }

  /// A pass of a model that is evaluated: nothing random.
  public static var evaluation: ForwardPass { ForwardPass(isTraining: false, draws: []) }

  /// A pass of a step of training, with its own random numbers.
  public static func training(_ draws: [Tensor]) -> ForwardPass {
    ForwardPass(isTraining: true, draws: draws)
  }

  /// The next random numbers of this step, uniform between 0 and 1: those of the model's next
  /// `drawShapes`.
  public mutating func draw() -> Tensor {
    guard let next = draws.popFirst() else {
      fatalError("a model takes more random tensors than its drawShapes name")
    }
    return next
  }
}
