// Elementwise functions of one tensor, and their derivatives.

extension Tensor {
  /// The sign of every element: -1, 0 or 1.
  public func sign() -> Tensor { .elementwise(.unary(.sign), self) }
  /// The absolute value of every element; its derivative at 0 is 0.
  public func absolute() -> Tensor { .elementwise(.unary(.absolute), self) }
  /// e to the power of every element.
  public func exp() -> Tensor { .apply(.unary(.exp), self) }
  /// The natural logarithm of every element.
  public func log() -> Tensor { .apply(.unary(.log), self) }
  /// The square root of every element.
  public func squareRoot() -> Tensor { .apply(.unary(.sqrt), self) }
  /// The hyperbolic tangent of every element.
  public func tanh() -> Tensor { .apply(.unary(.tanh), self) }
  /// 1 / (1 + e⁻ˣ) of every element.
  public func sigmoid() -> Tensor { .apply(.unary(.sigmoid), self) }
  /// log(1 + eˣ) of every element.
  public func softplus() -> Tensor { .apply(.unary(.softplus), self) }
  /// The sine of every element.
  public func sin() -> Tensor { .apply(.unary(.sin), self) }
  /// The cosine of every element.
  public func cos() -> Tensor { .apply(.unary(.cos), self) }
  /// e to the power of every element, less 1, with full accuracy near 0.
  public func expm1() -> Tensor { .apply(.unary(.expm1), self) }
  /// The natural logarithm of 1 plus every element, with full accuracy near 0.
  public func log1p() -> Tensor { .apply(.unary(.log1p), self) }
  /// The error function, 2/√π ∫ exp(-t²) dt from 0 to every element.
  public func erf() -> Tensor { .apply(.unary(.erf), self) }
  /// The square of every element.
  public func squared() -> Tensor { self * self }
  /// Positive elements; 0, with derivative 0, in place of others. What is not a number stays so.
  public func relu() -> Tensor { .apply(.unary(.relu), self) }
}

extension UnaryOperation {
  /// d · dy/dx, in reverse mode of the result's cotangent d and in forward mode of the operand's
  /// tangent; nil where it is zero.
  func derivative(at x: Tensor, _ y: Tensor, along d: Tensor) -> Tensor? {
    switch self {
    case .negate: -d
    case .absolute: d * x.sign()
    case .sign: nil
    // By the result, which the next layer keeps anyway.
    case .relu: d.gated(by: y)
    case .exp: d * y
    case .log: d * (1 / x)
    case .sqrt: d * (0.5 / y)
    case .tanh: d * (1 - y * y)
    case .sigmoid: d * (y * (1 - y))
    case .softplus: d * x.sigmoid()
    case .sin: d * x.cos()
    case .cos: d * -x.sin()
    case .expm1: d * (y + 1)
    case .log1p: d * (1 / (1 + x))
    case .erf: d * ((x * -x).exp() * (2 / Double.pi.squareRoot()))
    }
  }
}
