import TensorPrograms

/// What the documentation shows of operations on tensors.
func operationSamples() {
  var stream = RandomStream(seed: 3, purpose: "samples of operations")
  do {
    let scores = stream.normal(TensorType([4, 10], .float32))
    let labels = stream.integers([4], below: 10)
    let weights = scores.softmax()  // sums of rows are 1
    precondition(abs(weights.sum().scalar - 4) < 1e-5)
    // The element of every row that its label names: [rows, classes] at [rows] → [rows]
    let chosen = scores.gather(labels, axis: 1, batchAxes: 1)
    precondition(chosen.shape == [4])
    let ones = Tensor(repeating: 1, TensorType([4], .float32))
    let counts = ones.scatterAdded(at: labels, extent: 10)  // [rows] at [rows] → [10]
    precondition(counts.sum().scalar == 4)
    let best = scores.sortedPlaces(count: 5, descending: true)  // the top 5 of each row
    precondition(best.shape == [4, 5])
  }
  do {
    let table = stream.normal(TensorType([100, 8], .float32))
    let words = stream.integers([2, 16], below: 100)
    let embedded = table.gather(words)  // [100, 8] at [2, 16] → [2, 16, 8]
    precondition(embedded.shape == [2, 16, 8])
  }
  do {
    // Which places each of 8 may look at: itself and those before it.
    let mask = Tensor(repeating: 1, TensorType([8, 8], .float32)).lowerTriangle()
    precondition(mask.sum().scalar == 36)
  }
  do {
    let x = Tensor.range(0..<6, as: .float64)
    let last = x.slice(from: -2)  // 4, 5
    let odd = x.slice(from: 1, by: 2)  // 1, 3, 5
    let backwards = x.slice(by: -1)  // 5, 4, 3, 2, 1, 0
    precondition(last.sum().scalar + odd.sum().scalar + backwards[0].scalar == 23)
  }
  do {
    let queries = stream.normal(TensorType([2, 16, 4, 8], .float32))
    let keys = stream.normal(TensorType([2, 16, 4, 8], .float32))
    let scores = Tensor.einsum("bqhd,bkhd->bhqk", queries, keys)
    precondition(scores.shape == [2, 4, 16, 16])
  }
  do {
    let a = Tensor([4, 1, 1, 3] as [Double], shape: [2, 2])
    let b = Tensor([1, 2] as [Double], shape: [2, 1])
    // A⁻¹ · B of a symmetric positive definite matrix
    let factor = a.cholesky()
    let solution = factor.triangularSolution(factor.triangularSolution(b), transposed: true)
    precondition((a.product(solution) - b).absolute().maximum().scalar < 1e-14)
  }
}
