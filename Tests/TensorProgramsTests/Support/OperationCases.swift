import TensorPrograms

// Rows of the table of laws for what is composed of primitives.

private func one(
  _ name: String, _ shape: Shape, _ range: ClosedRange<Double> = -1...1,
  _ function: @escaping @Sendable (Tensor) -> Tensor
) -> FunctionCase {
  FunctionCase(name, [shape], range) { function($0[0]) }
}

private func indices(_ elements: [Int32], _ shape: Shape? = nil) -> Tensor {
  Tensor(elements, shape: shape ?? [elements.count])
}

let reductionCases: [FunctionCase] = [
  one("sum kept", [2, 3, 4]) { $0.sum(axes: [-1, 0], keepingAxes: true).sin() },
  one("mean kept", [3, 4]) { ($0 - $0.mean(axes: [1], keepingAxes: true)).sin() },
  one("maximum kept", [3, 4]) { ($0 * $0.maximum(axes: [0], keepingAxes: true)).sin() },
  one("minimum", [3, 4]) { $0.minimum(axes: [-1]).sin() },
  one("variance", [3, 4]) { $0.variance(axes: [1]).sin() },
  one("variance, unbiased", [3, 4]) { $0.variance(correction: 1).sin() },
  one("product", [3, 5]) { $0.product(axes: [1]) },
  one("product of all", [3, 2], 0.5...1.5) { $0.product().sin() },
  // A factor of zero: what the others' derivative is not a quotient of.
  one("product with a zero", [4]) {
    ($0 * indices([1, 0, 2, 3]).converted(to: .float64)).product()
  },
  one("product over the first axis", [5, 2, 3]) { $0.product(axes: [0], keepingAxes: true).sin() },
  one("logSumExp", [3, 4]) { $0.logSumExp(axes: [-1]) },
  one("logSumExp of all", [3, 4]) { $0.logSumExp() },
  one("logSumExp kept", [2, 3, 4]) { ($0 - $0.logSumExp(axes: [0, 2], keepingAxes: true)).sin() },
  one("softmax", [3, 4]) { $0.softmax() },
  one("softmax over two axes", [2, 3, 4]) { $0.softmax(axes: [0, 2]).sin() },
  one("logSoftmax", [3, 4]) { $0.logSoftmax(axes: [0]).sin() },
  one("power by a number", [3, 4]) { $0.power(3) + $0.power(7) * $0.power(2) },
  one("power by a negative number", [3, 4], 0.5...2) { $0.power(-3) + $0.power(-0.5) },
]

let gatheringCases: [FunctionCase] = [
  one("gather of an inner axis", [2, 5, 3]) {
    $0.gather(indices([4, 0, 4, 2, 1, 1], [2, 3]), axis: 1).sin()
  },
  one("gather of the last axis", [2, 5]) { $0.gather(indices([4, 0, 4]), axis: -1).sin() },
  one("gather of one row", [4, 3]) { $0.gather(indices([2], .scalar)).sin() },
  one("gather of each row's element", [3, 4]) {
    $0.gather(indices([1, 3, 0]), axis: 1, batchAxes: 1).sin()
  },
  one("gather by indices of batches", [2, 3, 4]) {
    $0.gather(indices([1, 3, 0, 0], [2, 2]), axis: 2, batchAxes: 1).sin()
  },
  one("scatterAdded", [4, 3]) { $0.scatterAdded(at: indices([4, 0, 4, 2]), extent: 5).sin() },
  one("scatterAdded along an inner axis", [2, 2, 3, 2]) {
    $0.scatterAdded(at: indices([4, 0, 4, 2, 1, 1], [2, 3]), extent: 5, axis: 1).sin()
  },
  one("scatterAdded in batches", [2, 3]) {
    $0.scatterAdded(at: indices([4, 0, 4, 2, 1, 1], [2, 3]), extent: 5, axis: 1, batchAxes: 1)
      .sin()
  },
  one("scatterAdded, an element a batch", [3, 2]) {
    $0.scatterAdded(at: indices([1, 3, 0]), extent: 4, axis: 1, batchAxes: 1).sin()
  },
  // Indices that the arguments decide, which batches have their own of.
  one("gather by computed indices", [4, 3]) {
    let row = ($0.sum(axes: [1]) * 2 + 2).converted(to: .int32)
    return $0.gather(.maximum(.minimum(row, row * 0 + 3), row * 0)).sin()
  },
  one("oneHot", [3, 4]) { ($0 * indices([3, 0, 1]).oneHot(count: 4, as: .float64)).sin() },
]

let partCases: [FunctionCase] = [
  one("slice from behind", [3, 6]) { $0.slice(axis: -1, from: -4, to: -1).sin() },
  one("slice with a step", [3, 7]) { $0.slice(axis: 1, from: 1, by: 2).sin() },
  one("slice with a step beyond the end", [7, 2]) { $0.slice(by: 3).sin() },
  one("slice backwards", [3, 7]) { $0.slice(axis: 1, from: -2, by: -2).sin() },
  one("flipped", [3, 4]) { ($0 * $0.flipped(axes: [0, 1])).sin() },
  one("rolled", [3, 4]) { ($0 * $0.rolled(axis: 1, by: -3)).sin() },
  one("split", [3, 6]) {
    let parts = $0.split(axis: 1, into: 3)
    return (parts[0] * parts[1] + parts[2]).sin()
  },
  one("squeezed and expanded", [3, 1, 4]) {
    $0.squeezed() * $0.squeezed(axes: [1]).expanded(axes: [0, -1]).squeezed().sin()
  },
  one("movingAxis", [2, 3, 4]) { $0.movingAxis(0, to: -1).sin() },
  one("lowerTriangle", [2, 3, 4]) { $0.lowerTriangle(diagonal: 1).sin() },
  one("upperTriangle", [4, 3]) { $0.upperTriangle(diagonal: -1).sin() },
  one("dynamicSlice", [5, 4]) {
    let start = ($0.sum() * 0).converted(to: .int32) + 2
    return $0.dynamicSlice(start: start, count: 3).sin()
  },
  FunctionCase("dynamicUpdate", [[3, 5], [3, 2]]) {
    let start = ($0[0].sum() * 0).converted(to: .int32) + 2
    return ($0[0] * $0[0].dynamicUpdate(axis: 1, start: start, with: $0[1])).sin()
  },
  FunctionCase("product of one right matrix", [[2, 3, 4], [4, 5]]) { $0[0].product($0[1]).sin() },
  FunctionCase("product of one left matrix", [[3, 4], [2, 4, 5]]) { $0[0].product($0[1]).sin() },
  FunctionCase("product, one right matrix transposed", [[2, 4, 3], [5, 4]]) {
    $0[0].product($0[1], transposeLeft: true, transposeRight: true).sin()
  },
  FunctionCase("product of matched leading axes", [[2, 1, 3, 4], [5, 4, 2]]) {
    $0[0].product($0[1]).sin()
  },
]

let einsumCases: [FunctionCase] = {
  func einsum(_ subscripts: String, _ shapes: Shape...) -> FunctionCase {
    FunctionCase("einsum \(subscripts)", shapes) { x in
      switch x.count {
      case 1: Tensor.einsum(subscripts, x[0]).sin()
      case 2: Tensor.einsum(subscripts, x[0], x[1]).sin()
      default: Tensor.einsum(subscripts, x[0], x[1], x[2]).sin()
      }
    }
  }
  return [
    einsum("ij->ji", [3, 4]), einsum("ij->", [3, 4]), einsum("iji->ij", [3, 2, 3]),
    einsum("ii->", [3, 3]), einsum("ij,jk->ik", [2, 3], [3, 4]),
    einsum("ij,jk->ki", [2, 3], [3, 4]), einsum("i,j->ij", [2], [3]), einsum("i,i->", [4], [4]),
    einsum("bqhd,bkhd->bhqk", [2, 3, 2, 4], [2, 5, 2, 4]),
    einsum("bhqk,bkhd->bqhd", [2, 2, 3, 5], [2, 5, 2, 4]),
    einsum("ijk,kj->i", [2, 3, 4], [4, 3]), einsum("ij,kl->jk", [2, 3], [4, 2]),
    einsum("b i, i j, b j -> b", [3, 2], [2, 4], [3, 4]),
    einsum("...ij,...jk->...ik", [2, 3, 4], [5, 2, 4, 2]), einsum("...i,i->...", [2, 3, 4], [4]),
  ]
}()

let orderCases: [FunctionCase] = [
  one("cumulativeSum", [3, 5]) { $0.cumulativeSum().sin() },
  one("cumulativeSum in reverse", [4, 3]) { $0.cumulativeSum(axis: 0, reversed: true).sin() },
  one("elements at argmax", [3, 5]) {
    ($0.gather($0.argmax(), axis: 1, batchAxes: 1) * $0.gather($0.argmin(axis: 0)).sum()).sin()
  },
  one("sorted", [3, 5]) { $0.sorted().sin() * $0 },
  one("the greatest two of each column", [5, 3]) {
    $0.sorted(axis: 0, count: 2, descending: true).sin()
  },
  one("cond", [3]) { x in
    .cond(x.sum() .> 0, then: { x.sin() * x }, otherwise: { x.exp() })
  },
  one("repeating", [3], 0.5...1) { x in
    // Doubled until it is beyond 4, which takes another number of steps at each argument.
    let (last, _) = Tensor.repeating(x, while: { $0.maximum() .< 4 }, bound: 6) { 1.3 * $0 + x }
    return last.sin()
  },
]

/// A symmetric positive definite matrix of another.
private func definite(_ x: Tensor) -> Tensor {
  x.product(x, transposeRight: true) + Tensor.identity(x.shape[x.rank - 2], as: .float64)
}

let linearAlgebraCases: [FunctionCase] =
  [
    one("cholesky", [3, 3]) { definite($0).cholesky().sin() },
    one("cholesky of matrices that are not symmetric", [2, 3, 3]) {
      (0.3 * $0 + Tensor.identity(3, as: .float64)).cholesky().sin()
    },
    FunctionCase("system solved by Cholesky's factor", [[4, 4], [4, 2]]) { x in
      let factor = definite(x[0]).cholesky()
      return factor.triangularSolution(factor.triangularSolution(x[1]), transposed: true).sin()
    },
    FunctionCase("triangularSolve, one matrix for all", [[3, 3], [2, 3, 2]]) { x in
      let matrix = x[0] + 2 * Tensor.identity(3, as: .float64)
      return matrix.triangularSolution(x[1]).sin()
    },
  ]
  + [(true, false), (true, true), (false, false), (false, true)].map { lower, transposed in
    FunctionCase("triangularSolve \(lower) \(transposed)", [[2, 3, 3], [2, 3, 4]]) { x in
      let matrix = x[0] + 2 * Tensor.identity(3, as: .float64)
      return matrix.triangularSolution(x[1], lower: lower, transposed: transposed).sin()
    }
  }
