import TensorPrograms

/// What an inner step knows of time: scalars in the problem's type.
public struct StepTime: Sendable {
  /// Steps before this one.
  public let step: Tensor
  /// The inner schedule's value.
  public let multiplier: Tensor

  /// The time of a step.
  public init(step: Tensor, multiplier: Tensor) {
    self.step = step
    self.multiplier = multiplier
  }
}

/// An inner problem as a pure step: (state, rates, batch, time) → state.
///
/// An optimizer on a gradient is the usual way to make one; anything else that trains with rates can
/// be unrolled and differentiated just as well.
public protocol InnerStep: Sendable {
  /// The numbers, besides rates, that the step reads and that can be learned.
  var scalars: ScalarLayout { get }
  /// The state before the first step: parameters come first; what the model keeps beside them
  /// (`Trainable.state`), if anything, comes last.
  func initialState(_ parameters: [Tensor]) -> [Tensor]
  /// Names of the tensors of the state, in its order.
  func stateNames(_ parameters: [ParameterPath]) -> [ParameterPath]
  /// The rates that a state has adapted them to, one a parameter, and the state that goes on from
  /// there; nil for steps that do not adapt rates.
  func adaptedRates(_ rates: [Tensor], _ state: [Tensor]) -> (rates: [Tensor], state: [Tensor])?
  /// The same step with gradients of the training loss that no derivative sees through.
  var withConstantGradients: Self { get }
  /// The state after a step, and the training loss before it.
  ///
  /// - Parameters:
  ///   - state: the step's state, weights first.
  ///   - rates: one a parameter tensor, of its shape or stretching to it.
  ///   - scalars: the values of `scalars`, in that order.
  ///   - dataset: the tensors that all runs of the task share.
  ///   - batch: the step's row of the episode's tensors.
  ///   - time: which step it is.
  func callAsFunction(
    state: [Tensor], rates: [Tensor], scalars: [Tensor], dataset: [Tensor], batch: [Tensor],
    time: StepTime
  ) -> (state: [Tensor], loss: Tensor)
}

extension InnerStep {
  /// None.
  public func adaptedRates(
    _ rates: [Tensor], _ state: [Tensor]
  ) -> (rates: [Tensor], state: [Tensor])? { nil }
  /// The step itself: without a gradient there is nothing to hold constant.
  public var withConstantGradients: Self { self }
}
