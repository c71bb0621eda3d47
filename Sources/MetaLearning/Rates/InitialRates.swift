import Settings
import TensorPrograms

/// What effective rates are before anything is learned.
public protocol InitialRates: Kind {
  /// The unconstrained tensors that learning starts from.
  ///
  /// - Throws: `RateError` for rates that the parameterization cannot give, or whatever reading
  ///   them from elsewhere may throw.
  func unconstrained(_ start: RateStart) throws -> [Tensor]
  /// Why the rates cannot be, as far as that is known before there is a model.
  ///
  /// - Parameters:
  ///   - rates: what else is specified of the rates.
  ///   - layers: how many layers the model has; nil where that is not known yet.
  func conflict(with rates: RateSpecification, layers: Int?) -> Conflict?
  /// The checkpoint that they come from and which of its states; nil, the default, for none.
  var checkpoint: (file: String, state: LearnedState)? { get }
  /// What measuring them costs for a model of so many tensors; nothing by default.
  func cost(tensors: Int) -> Budget
}

/// What initial rates may be derived from.
public struct RateStart {
  /// Whose unconstrained tensors are wanted: a base without offsets.
  public let layout: RateLayout
  /// The base and its offsets, whose tensors may be given together with the base's.
  public let whole: RateLayout
  /// What turns gradients into steps.
  public let optimizer: any Optimizer
  /// The mean square of every parameter's gradient over the first batches of a training run of its
  /// own, at that run's initial weights.
  public let gradientMeanSquares: (_ batches: Int) throws -> [[Double]]
  /// Each tensor's gᵀg and gᵀHg with its own block of the Hessian, means over the same batches.
  public let gradientCurvatures: (_ batches: Int) throws -> [(square: Double, curvature: Double)]

  /// What rates of a layout may be derived from.
  ///
  /// - Parameters:
  ///   - layout: the base.
  ///   - whole: the base with its offsets; nil where it has none.
  ///   - optimizer: what turns gradients into steps.
  ///   - gradientMeanSquares: measures gradients over so many batches.
  ///   - gradientCurvatures: measures gradients and curvatures along them.
  public init(
    layout: RateLayout, whole: RateLayout? = nil, optimizer: any Optimizer = SGD(),
    gradientMeanSquares: @escaping (_ batches: Int) throws -> [[Double]],
    gradientCurvatures:
      @escaping (_ batches: Int) throws -> [(square: Double, curvature: Double)]
  ) {
    self.layout = layout
    self.whole = whole ?? layout
    self.optimizer = optimizer
    self.gradientMeanSquares = gradientMeanSquares
    self.gradientCurvatures = gradientCurvatures
  }
}

extension InitialRates {
  /// The rates come from no checkpoint.
  public var checkpoint: (file: String, state: LearnedState)? { nil }
  /// Nothing is measured.
  public func cost(tensors: Int) -> Budget { Budget() }

  /// The conflict of a setting whose rate the parameterization cannot give; nil where it can.
  public func conflict(
    _ parameterization: Parameterization, _ key: String, _ value: Double, giving rate: Double,
    _ context: String = ""
  ) -> Conflict? {
    let range = parameterization.possibleRates
    guard !range.admits(rate) || parameterization.unconstrained(rate) == nil else { return nil }
    return Conflict(
      key, value, context, expected: range.description, ifUnwritten: "set rates.initial.\(key)")
  }
}

extension Family<any InitialRates> {
  /// What rates start from.
  public static var initialRates: Self { Family("an initial value") { $0 } }
}

extension Laboratory {
  /// What rates may start from.
  public var initialRates: Registry<any InitialRates> {
    get { self[.initialRates] }
    set { self[.initialRates] = newValue }
  }
}
