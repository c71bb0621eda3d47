import TensorPrograms

/// The trainable tensors behind a model's learning rates, and how effective rates follow from them.
///
/// A rate is f(base + offsets), f being the parameterization. Granularities restrict one another
/// exactly: with the same unconstrained value everywhere, rates per layer are rates per parameter.
/// Unconstrained tensors that change over time have a leading axis of windows, steps or knots.
public struct RateLayout: Sendable {
  /// Granularity, time, parameterization, initial value, offsets.
  public let specification: RateSpecification
  /// The parameters that the rates belong to.
  public let parameters: ParameterLayout
  /// Steps that the rates were made for.
  public let steps: Int
  /// The base, then the offsets.
  let terms: [RateTerm]
  /// Names of the unconstrained tensors, those of offsets behind `offset_1`, …. Of the base, the
  /// parameters' where each has its own, the layers' for `layer`, `all` for `global`, `base` and
  /// `factor` for `layerFactor`.
  public let names: [ParameterPath]
  /// Types of the unconstrained tensors, time axis included.
  public let types: [TensorType]
  /// For each parameter tensor, its layer-factor exponent.
  let exponents: [Int]

  /// For each parameter tensor, which of the specification's groups is its own; nil for none.
  let membership: [Int?]
  /// Which parameters no run tells apart.
  public let symmetry: RateSymmetry

  /// The layout of rates for a model that trains for `steps` steps.
  public init(
    _ specification: RateSpecification, parameters: ParameterLayout, steps: Int,
    symmetry: RateSymmetry = RateSymmetry(hasFreshWeights: false)
  ) {
    self.specification = specification
    self.symmetry = symmetry
    self.parameters = parameters
    self.steps = steps
    let all =
      [(specification.granularity, specification.time)]
      + specification.offsets.map { ($0.granularity, $0.time) }
    let groups = specification.groups
    terms = all.enumerated().map { index, term in
      RateTerm(
        term.0, term.1, of: parameters, steps: steps, symmetry, groups: index == 0 ? groups : [])
    }
    membership = groups.membership(of: parameters)
    names = terms.enumerated().flatMap { index, term in
      index == 0
        ? term.names : term.names.map { ParameterPath(["offset_\(index)"] + $0.components) }
    }
    types = terms.flatMap(\.types)
    if case .layerFactor(let index) = specification.granularity {
      exponents = index == .tensor ? Array(parameters.paths.indices) : parameters.layerOfTensor
    } else {
      exponents = parameters.layerOfTensor
    }
  }

  /// The layout of the base alone.
  public var base: RateLayout {
    specification.offsets.isEmpty
      ? self
      : RateLayout(
        specification.base, parameters: parameters, steps: steps, symmetry: symmetry)
  }

  /// For each parameter tensor, which of the base's tensors is its own; empty for `layerFactor`.
  var sources: [Int] { terms[0].sources }

  /// Which unconstrained tensors are a term's: the base's of 0.
  package func tensors(of term: Int) -> Range<Int> {
    let first = terms[..<term].reduce(0) { $0 + $1.types.count }
    return first..<first + terms[term].types.count
  }

  /// The unconstrained tensors of a base and of offsets that have not moved.
  func starting(_ base: [Tensor]) -> [Tensor] {
    base + types.dropFirst(base.count).map { .zeros($0) }
  }

  /// How many numbers are trained.
  public var count: Int {
    let held = held
    return types.enumerated().reduce(0) {
      $0 + (held.contains($1.offset) ? 0 : $1.element.shape.count)
    }
  }

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
      let rates = exponents.map { exponent in
        exponent == 0 ? base : base * (Double(exponent) * unconstrained[1]).exp()
      }
      // Of logarithms, which are all that offsets of a layer factor may be.
      return rates.indices.map { tensor in
        if isFrozen(tensor) { return .zeros(rates[tensor].type) }
        return offset(unconstrained, tensor).map { rates[tensor] * $0.exp() } ?? rates[tensor]
      }
    }
    let base = unconstrained.prefix(terms[0].types.count).map { parameterization.effective($0) }
    return parameters.paths.indices.map { tensor in
      let rate = own(base[sources[tensor]], of: tensor, in: terms[0])
      if isFrozen(tensor) { return .zeros(rate.type) }
      // What is kept has no offsets either.
      if isHeld(tensor) { return rate.withoutGradient() }
      guard let offset = offset(unconstrained, tensor) else { return rate }
      return parameterization.effective(
        own(unconstrained[sources[tensor]], of: tensor, in: terms[0]) + offset)
    }
  }

  /// The sum of a parameter tensor's offsets; nil where there are none.
  private func offset(_ unconstrained: [Tensor], _ tensor: Int) -> Tensor? {
    let parts = terms.indices.dropFirst().map { term in
      own(
        unconstrained[tensors(of: term).lowerBound + terms[term].sources[tensor]], of: tensor,
        in: terms[term])
    }
    return parts.dropFirst().reduce(parts.first) { sum, part in sum.map { $0 + part } }
  }

  private func own(_ numbers: Tensor, of tensor: Int, in term: RateTerm) -> Tensor {
    term.numbers(numbers, of: tensor, parameters.shapes[tensor])
  }

  /// Effective rates in the parameters' shapes from the unconstrained tensors of one step.
  public func parameterRates(_ unconstrained: [Tensor]) -> [Tensor] {
    zip(effective(unconstrained), parameters.types).map { rate, type in Tensor.zeros(type) + rate }
  }
}
