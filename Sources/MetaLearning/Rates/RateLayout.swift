import TensorPrograms

/// The trainable tensors behind a model's learning rates, and how effective rates follow from them.
///
/// Granularities restrict one another exactly: with the same unconstrained value everywhere, rates
/// per layer are rates per parameter. Unconstrained tensors that change over time have a leading
/// axis of windows or steps.
public struct RateLayout: Sendable {
  /// Granularity, time, parameterization, initial value.
  public let specification: RateSpecification
  /// The parameters that the rates belong to.
  public let parameters: ParameterLayout
  /// Steps that the rates were made for.
  public let steps: Int
  /// Names of the unconstrained tensors: the parameters' for `parameter`, `outputUnit` and
  /// `tensor`, the layers' for `layer`, `all` for `global`, `base` and `factor` for `layerFactor`.
  public let names: [ParameterPath]
  /// Types of the unconstrained tensors, time axis included.
  public let types: [TensorType]
  /// For each parameter tensor, which unconstrained tensor is its own; empty for `layerFactor`.
  let sources: [Int]
  /// For each parameter tensor, its layer-factor exponent.
  let exponents: [Int]

  /// The layout of rates for a model that trains for `steps` steps.
  public init(_ specification: RateSpecification, parameters: ParameterLayout, steps: Int) {
    self.specification = specification
    self.parameters = parameters
    self.steps = steps
    let layers = parameters.layers
    let layerOf = parameters.paths.map { layers.firstIndex(of: $0.layer)! }
    let scalar = parameters.types.first?.scalar ?? .float32
    let perTensor = Array(parameters.paths.indices)
    var shapes: [Shape]
    switch specification.granularity {
    case .global:
      (names, shapes, sources) = (["all"].named, [.scalar], parameters.paths.map { _ in 0 })
    case .layerFactor:
      (names, shapes, sources) = (["base", "factor"].named, [.scalar, .scalar], [])
    case .layer:
      (names, shapes, sources) = (layers.named, layers.map { _ in .scalar }, layerOf)
    case .tensor:
      (names, shapes, sources) = (parameters.paths, perTensor.map { _ in .scalar }, perTensor)
    case .outputUnit:
      (names, sources) = (parameters.paths, perTensor)
      shapes = parameters.shapes.map { Shape(Array($0.extents.suffix(1))) }
    case .parameter:
      (names, shapes, sources) = (parameters.paths, parameters.shapes, perTensor)
    }
    if case .layerFactor(let index) = specification.granularity {
      exponents = index == .tensor ? perTensor : layerOf
    } else {
      exponents = layerOf
    }
    if let rows = RateLayout.timeRows(specification.time, steps: steps) {
      shapes = shapes.map { $0.prepending(rows) }
    }
    types = shapes.map { TensorType($0, scalar) }
  }

  private static func timeRows(_ time: RateTime, steps: Int) -> Int? {
    switch time {
    case .constant: nil
    case .window(let width): (steps + width - 1) / width
    case .step: steps
    }
  }

  /// How many rows the time axis has; nil where rates are constant.
  public var timeRows: Int? { RateLayout.timeRows(specification.time, steps: steps) }

  /// The row of each step of a run of the given length: beyond the learned horizon the last holds.
  public func rowOfStep(_ length: Int) -> [Int] {
    let width = if case .window(let width) = specification.time { width } else { 1 }
    return (0..<length).map { min($0 / width, (timeRows ?? 1) - 1) }
  }

  /// How many numbers are trained.
  public var count: Int { types.reduce(0) { $0 + $1.shape.count } }

  /// The unconstrained number of a rate, which must also exist in the type that it is trained in.
  ///
  /// - Throws: `RateError.impossibleInitial` where there is none.
  public func unconstrained(_ rate: Double) throws(RateError) -> Double {
    guard rate.isFinite, let value = specification.parameterization.unconstrained(rate),
      isRepresentable(value)
    else { throw .impossibleInitial(rate: rate, parameterization: specification.parameterization) }
    return value
  }

  private func isRepresentable(_ value: Double) -> Bool {
    types.first?.scalar == .float32 ? Float(value).isFinite : value.isFinite
  }

  /// Effective rates from the unconstrained tensors of one step: one per parameter tensor, of its
  /// shape or stretching to it.
  public func effective(_ unconstrained: [Tensor]) -> [Tensor] {
    let parameterization = specification.parameterization
    if case .layerFactor = specification.granularity {
      let base = parameterization.effective(unconstrained[0])
      return exponents.map { exponent in
        exponent == 0 ? base : base * (Double(exponent) * unconstrained[1]).exp()
      }
    }
    let rates = unconstrained.map { parameterization.effective($0) }
    return sources.map { rates[$0] }
  }

  /// Effective rates in the parameters' shapes from the unconstrained tensors of one step.
  public func parameterRates(_ unconstrained: [Tensor]) -> [Tensor] {
    zip(effective(unconstrained), parameters.types).map { rate, type in Tensor.zeros(type) + rate }
  }

  /// Effective rates in the parameters' shapes, behind a time axis where rates change over time.
  public func expanded(_ unconstrained: [Tensor]) -> [Tensor] {
    timeRows == nil
      ? parameterRates(unconstrained) : vmap(over: unconstrained) { parameterRates($0) }
  }
}

extension Array where Element == String {
  fileprivate var named: [ParameterPath] { map { ParameterPath([$0]) } }
}
