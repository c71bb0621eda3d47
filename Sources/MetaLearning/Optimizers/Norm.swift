import TensorPrograms

/// The Euclidean norm over some tensors, with derivative 0 at 0 to every order.
///
/// Squares are of elements over the greatest magnitude, so that none vanishes or overflows: squares
/// of single-precision gradients below 1e-23 would be 0. The magnitude is a constant to
/// derivatives: the norm does not depend on what it is computed by.
///
/// Tensors whose every element is below `smallest` count as zeros: they have few digits left, and 1
/// over them, which derivatives are made of, would overflow.
struct Norm {
  /// The least magnitude that counts: a normal number with room for its digits below it.
  private static func smallest(_ scalar: ScalarType) -> Double {
    scalar == .float32
      ? Double(Float.leastNormalMagnitude / .ulpOfOne)
      : Double.leastNormalMagnitude / .ulpOfOne
  }

  /// 1 where the norm is above 0, else 0.
  let isPositive: Tensor
  /// The greatest magnitude of all elements, 1 where that is 0.
  private let scale: Tensor
  /// The norm over the scale; 1 where the norm is 0.
  private let ratio: Tensor

  /// The norm of one or more tensors.
  init(_ tensors: [Tensor]) {
    let sizes = tensors.map { $0.withoutGradient().absolute().maximum(axes: Array(0..<$0.rank)) }
    // There is at least one, and no number that is below all others to begin with.
    let greatest = sizes.dropFirst().reduce(sizes[0]) { .maximum($0, $1) }
    let isPositive = greatest .> Norm.smallest(greatest.scalarType)
    let scale = Tensor.select(isPositive, greatest, otherwise: greatest * 0 + 1)
    let terms = tensors.map { ($0 / scale).squared().sum() }
    let squares = sum(terms)
    self.isPositive = isPositive
    self.scale = scale
    // The root is taken of 1 where the norm is 0, so that its derivative is never 1/0.
    ratio = Tensor.select(isPositive, squares, otherwise: squares * 0 + 1).squareRoot()
  }

  /// The norm where it is above 0, else 1.
  var orOne: Tensor { scale * ratio }

  /// A tensor over the norm where that is above 0, else 0; for tensors that the norm is of, right
  /// also where 1/norm would overflow.
  func normalized(_ tensor: Tensor) -> Tensor { (tensor / scale) * (isPositive / ratio) }
}
