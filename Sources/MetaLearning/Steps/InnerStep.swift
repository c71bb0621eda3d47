import TensorPrograms

/// One step of inner training as a pure function: state, rates, scalars, data and time give the
/// next state and the loss.
///
/// An optimizer on a gradient is the usual way to make one; anything else that trains with rates
/// can be unrolled and differentiated just as well.
public protocol InnerStep: Sendable {
  /// The numbers, besides rates, that the step reads and that can be learned.
  var scalars: ScalarLayout { get }
  /// The state before the first step.
  func initialState(_ weights: [Tensor]) -> TrainingState
  /// The rates that a state has adapted them to, one per parameter, and the state that goes on from
  /// there; nil for steps that do not adapt rates.
  func adaptedRates(
    _ rates: [Tensor], _ state: TrainingState
  ) -> (rates: [Tensor], state: TrainingState)?
  /// The same step with gradients of the training loss that no derivative sees through.
  var withConstantGradients: Self { get }
  /// The state after a step, and the training loss before it.
  ///
  /// - Parameters:
  ///   - state: what the run carries.
  ///   - rates: one per tensor of weights, of its shape or broadcast to it.
  ///   - scalars: the values of `scalars`, in that order.
  ///   - dataset: the tensors that all runs of the task share.
  ///   - batch: the step's row of the episode's tensors.
  ///   - time: which step it is.
  func callAsFunction(
    _ state: TrainingState, rates: [Tensor], scalars: [Tensor], dataset: [Tensor],
    batch: [Tensor], time: StepTime
  ) -> (state: TrainingState, loss: Tensor)
}

extension InnerStep {
  /// The step adapts no rates.
  public func adaptedRates(
    _ rates: [Tensor], _ state: TrainingState
  ) -> (rates: [Tensor], state: TrainingState)? { nil }
  /// The step itself: without a gradient there is nothing to hold constant.
  public var withConstantGradients: Self { self }
}
