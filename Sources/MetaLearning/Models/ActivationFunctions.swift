import TensorPrograms

extension Activation {
  /// Applies the function to every element.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .relu: x.relu()
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    case .softplus: x.softplus()
    case .sin: x.sin()
    case .silu: x * x.sigmoid()
    // The power is never of a positive number, which would overflow beside what is chosen.
    case .elu: .select(x .> 0, x, otherwise: (-(-x).relu()).exp() - 1)
    case .leakyRelu: x.relu() - 0.01 * (-x).relu()
    case .gelu:
      // The tanh form, x/2 (1 + tanh(u)) with u = √(2/π) (x + 0.044715 x³), as x σ(2u): without the
      // difference of nearly equal numbers where x is far below 0, and in fewer operations.
      x * (x * (Gelu.slope + Gelu.cubic * (x * x))).sigmoid()
    case .exactGelu: 0.5 * x * (1 + (0.5.squareRoot() * x).erf())
    }
  }
}

/// The coefficients of 2u in x σ(2u).
private enum Gelu {
  static let slope = 2 * (2 / Double.pi).squareRoot()
  static let cubic = 0.044715 * slope
}
