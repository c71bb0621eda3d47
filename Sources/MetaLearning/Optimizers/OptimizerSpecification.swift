/// The names of the update formulas; see `Optimizer`.
public enum OptimizerKind: String, Sendable, CaseIterable {
  /// Plain gradient descent.
  case sgd
  /// Heavy-ball momentum.
  case momentum
  /// Nesterov's momentum.
  case nesterov
  /// Gradients over a running root mean square.
  case rmsprop
  /// Running moments with bias correction.
  case adam
  /// Adam with decoupled weight decay.
  case adamw
  /// Adam scaled by layer-wise trust ratios.
  case lamb
}

/// An update formula with its numbers, of which a formula reads its own.
public struct OptimizerSpecification: Sendable, Equatable {
  /// The formula.
  public var kind: OptimizerKind
  /// μ of momentum and nesterov.
  public var momentum: Double
  /// ρ of rmsprop.
  public var decay: Double
  /// β1 of adam, adamw and lamb.
  public var beta1: Double
  /// β2 of adam, adamw and lamb.
  public var beta2: Double
  /// λ of adamw and lamb.
  public var weightDecay: Double
  /// ε, outside the root.
  public var epsilon: Double
  /// ε_root, inside the root; nil for the default of the optimizer's role.
  public var epsilonRoot: Double?

  /// A formula with the usual numbers.
  public init(
    _ kind: OptimizerKind, momentum: Double = 0.9, decay: Double = 0.9, beta1: Double = 0.9,
    beta2: Double = 0.999, weightDecay: Double = 0.01, epsilon: Double = 1e-8,
    epsilonRoot: Double? = nil
  ) {
    self.kind = kind
    self.momentum = momentum
    self.decay = decay
    self.beta1 = beta1
    self.beta2 = beta2
    self.weightDecay = weightDecay
    self.epsilon = epsilon
    self.epsilonRoot = epsilonRoot
  }
}
