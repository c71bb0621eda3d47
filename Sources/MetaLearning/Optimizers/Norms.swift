import TensorPrograms

/// The Euclidean norm over some tensors, with derivative 0 at 0 to every order.
struct Norm {
  /// 1 where the norm is above 0, else 0.
  let isPositive: Tensor
  /// The norm where it is above 0, else 1.
  let orOne: Tensor

  /// The norm of one or more tensors.
  init(_ tensors: [Tensor]) {
    let terms = tensors.map { $0.squared().sum() }
    let squares = terms.dropFirst().reduce(terms[0]) { $0 + $1 }
    isPositive = squares.isGreater(than: 0)
    // The root is taken of 1 where the norm is 0, so that its derivative is never 1/0.
    orOne = Tensor.select(isPositive, squares, otherwise: squares * 0 + 1).squareRoot()
  }

  /// 1/norm where the norm is above 0, else 0.
  var reciprocal: Tensor { isPositive / orOne }
}
