import Foundation
import TensorPrograms
import Testing

/// What composed operations give, of numbers known beforehand.
@Suite struct ComposedOperationTests {
  private let matrix = Tensor([1, 2, 3, 4, 5, 6] as [Double], shape: [2, 3])
  private let scalars: [ScalarType] = [.float32, .float64, .int32]

  @Test("reductions over some axes and all, kept or not, of every element type")
  func reductions() {
    for scalar in scalars {
      let x = matrix.converted(to: scalar)
      #expect(x.sum().doubles == [21] && x.sum(axes: [-1]).doubles == [6, 15])
      #expect(x.maximum(axes: [0]).doubles == [4, 5, 6] && x.minimum().scalar == 1)
      #expect(
        x.minimum(axes: [1]).doubles == [1, 4] && x.product(axes: [0]).doubles == [4, 10, 18])
      #expect(x.product().scalar == 720 && x.product().type == TensorType([], scalar))
      #expect(x.sum(axes: [0], keepingAxes: true).shape == [1, 3])
      #expect(x.maximum(keepingAxes: true).shape == [1, 1])
    }
    #expect(matrix.mean(axes: [1]).doubles == [2, 5])
    let variance = matrix.variance(axes: [1], keepingAxes: true)
    #expect(variance.shape == [2, 1] && abs(variance.doubles[1] - 2 / 3.0) < 1e-15)
    #expect(matrix.variance(correction: 1).scalar == 3.5)
    #expect(Tensor.zeros(TensorType([0, 2], .float64)).product(axes: [0]).doubles == [1, 1])
  }

  @Test("softmax and its kin neither overflow nor lose what is small")
  func softmax() {
    for scalar in [ScalarType.float32, .float64] {
      let x = Tensor([1e30, 0, -1e30, 0, 0, 0], TensorType([2, 3], scalar))
      #expect(x.softmax().doubles.prefix(3) == [1, 0, 0])
      #expect(x.logSumExp(axes: [1]).doubles[0] == scalar.rounded(1e30))
      let sums = matrix.converted(to: scalar).softmax(axes: [0, 1]).sum().scalar
      #expect(abs(sums - 1) < 1e-6)
    }
    let rare = Tensor([0, -800, -900] as [Double]).logSoftmax().doubles
    #expect(rare == [0, -800, -900])
    let nothing = Tensor([-.infinity, -.infinity, 0, 0] as [Double], shape: [2, 2])
    #expect(nothing.logSumExp(axes: [1]).doubles == [-.infinity, log(2)])
  }

  @Test("comparisons of tensors and with numbers, of every element type")
  func comparisons() {
    for scalar in scalars {
      let x = Tensor([1, 2, 3], TensorType([3], scalar))
      let y = Tensor([3, 2, 1], TensorType([3], scalar))
      #expect((x .< y).doubles == [1, 0, 0] && (x .<= y).doubles == [1, 1, 0])
      #expect((x .> y).doubles == [0, 0, 1] && (x .>= y).doubles == [0, 1, 1])
      #expect((x .== y).doubles == [0, 1, 0] && (x .!= y).doubles == [1, 0, 1])
      #expect((x .< 2).doubles == [1, 0, 0] && (x .<= 2).doubles == [1, 1, 0])
      #expect((x .> 2).doubles == [0, 0, 1] && (x .>= 2).doubles == [0, 1, 1])
      #expect((x .== 2).doubles == [0, 1, 0] && (x .!= 2).doubles == [1, 0, 1])
      #expect((x .> y).scalarType == scalar)
      let chosen = Tensor.select(x .> y, matrix, otherwise: -matrix)
      #expect(chosen.doubles == [-1, -2, 3, -4, -5, 6])
    }
    let undefined = Tensor([Double.nan])
    #expect((undefined .== undefined).scalar == 0 && (undefined .!= undefined).scalar == 1)
  }

  @Test("whole numbers: exact, truncated quotients, the largest in place of what is too large")
  func wholeNumbers() {
    let x = Tensor([7, -7, .max, .min] as [Int32])
    let y = Tensor([2, 2, 3, 3] as [Int32])
    let results = (x / y).array(of: Int32.self)
    #expect(results == [3, -3, .max / 3, .min / 3])
    #expect((x * y).array(of: Int32.self) == [14, -14, .max, .min])
    #expect((x - 1).array(of: Int32.self) == [6, -8, .max - 1, .min])
    #expect((-x).doubles.prefix(2) == [-7, 7])
    #expect(Tensor.select(x .> 0, x, otherwise: y).doubles.prefix(2) == [7, 2])
  }

  @Test("elements at indices of any rank, along any axis, in batches")
  func gather() {
    let indices = Tensor([2, 0, 0, 1] as [Int32], shape: [2, 2])
    for scalar in scalars {
      let x = matrix.converted(to: scalar)
      let inner = x.gather(indices, axis: 1)
      #expect(inner.shape == [2, 2, 2] && inner.doubles == [3, 1, 1, 2, 6, 4, 4, 5])
      let own = x.gather(indices, axis: 1, batchAxes: 1)
      #expect(own.shape == [2, 2] && own.doubles == [3, 1, 4, 5])
      #expect(x.gather(Tensor([1] as [Int32], shape: [])).doubles == [4, 5, 6])
      let picked = x.gather(Tensor([2, 0] as [Int32]), axis: 1, batchAxes: 1)
      #expect(picked.shape == [2] && picked.doubles == [3, 4])
      let counts = x.scatterAdded(
        at: Tensor([1, 1, 3] as [Int32]), extent: 4, axis: -1)
      #expect(counts.doubles == [0, 3, 0, 3, 0, 9, 0, 6])
    }
    let hot = Tensor([1, 3, -1] as [Int32]).oneHot(count: 3, as: .float32)
    #expect(hot.doubles == [0, 1, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test("parts of an axis as in Python")
  func slices() {
    let x = Tensor.range(0..<7, as: .float64)
    func places(_ from: Int?, _ to: Int?, _ by: Int) -> [Double] {
      x.slice(from: from, to: to, by: by).doubles
    }
    let bounds: [Int?] = [nil, 0, 2, 5, 7, 9, -1, -3, -7, -9]
    for from in bounds {
      for to in bounds {
        for by in [1, 2, 3, 8, -1, -2, -3, -8] {
          #expect(places(from, to, by) == pythonPlaces(from, to, by, count: 7))
        }
      }
    }
    #expect(x.flipped().doubles == [6, 5, 4, 3, 2, 1, 0])
    #expect(x.rolled(by: 2).doubles == [5, 6, 0, 1, 2, 3, 4])
    #expect(x.rolled(by: -9).doubles == [2, 3, 4, 5, 6, 0, 1])
    #expect(x.split([2, 0, 5]).map(\.shape) == [[2], [0], [5]])
    #expect(matrix[-1].doubles == [4, 5, 6])
    #expect(matrix.expanded(axes: [0, -1]).shape == [1, 2, 3, 1])
    #expect(matrix.expanded(axes: [0, -1]).squeezed().shape == [2, 3])
  }

  /// What Python's `range(count)[from:to:by]` gives, by walking.
  private func pythonPlaces(_ from: Int?, _ to: Int?, _ by: Int, count: Int) -> [Double] {
    func moved(_ bound: Int) -> Int { bound < 0 ? bound + count : bound }
    var place: Int
    var isInside: (Int) -> Bool
    if by > 0 {
      place = max(from.map(moved) ?? 0, 0)
      let end = min(to.map(moved) ?? count, count)
      isInside = { $0 < end }
    } else {
      place = min(from.map(moved) ?? count - 1, count - 1)
      let end = max(to.map(moved) ?? -1, -1)
      isInside = { $0 > end }
    }
    var places: [Double] = []
    while isInside(place) {
      places.append(Double(place))
      place += by
    }
    return places
  }

  @Test("numbers in order, identities and triangles")
  func made() {
    #expect(Tensor.range(2..<5).array(of: Int32.self) == [2, 3, 4])
    #expect(Tensor.range(from: 1, by: -0.5, count: 3, as: .float32).doubles == [1, 0.5, 0])
    #expect(Tensor.identity(2, columns: 3, as: .float64).doubles == [1, 0, 0, 0, 1, 0])
    let square = Tensor.range(1..<10).reshaped(to: [3, 3])
    #expect(square.lowerTriangle().doubles == [1, 0, 0, 4, 5, 0, 7, 8, 9])
    #expect(square.upperTriangle(diagonal: 1).doubles == [0, 2, 3, 0, 0, 6, 0, 0, 0])
    #expect(square.lowerTriangle(diagonal: -1).doubles == [0, 0, 0, 4, 0, 0, 7, 8, 0])
  }

  @Test("places from a computed start on, one of its own for each task")
  func dynamicPlaces() {
    let starts = Tensor([0, 2] as [Int32])
    let table = Tensor.range(0..<4, as: .float64)
    let read = vmap(over: starts) { table.dynamicSlice(start: $0, count: 2) }
    #expect(read.doubles == [0, 1, 2, 3])
    let written = vmap(over: starts) {
      table.dynamicUpdate(start: $0, with: Tensor([8, 9] as [Double]))
    }
    #expect(written.doubles == [8, 9, 2, 3, 0, 1, 8, 9])
  }

  @Test("einsum moves no elements where a matrix product can read them as they are")
  func einsumPrograms() {
    func names(_ subscripts: String, _ left: Shape, _ right: Shape) -> [String] {
      trace([left, right].map { TensorType($0, .float32) }) {
        [Tensor.einsum(subscripts, $0[0], $0[1])]
      }.program.equations.map(\.primitive.name)
    }
    #expect(names("ij,jk->ik", [2, 3], [3, 4]) == ["product"])
    #expect(names("ji,kj->ik", [3, 2], [4, 3]) == ["product"])
    #expect(names("ij,jk->ki", [2, 3], [3, 4]) == ["product"])
    #expect(names("bij,bkj->bik", [5, 2, 3], [5, 4, 3]) == ["product"])
  }

  @Test("how many steps a loop with a condition takes, for each task of a batch")
  func repeating() {
    let limits = Tensor([1, 5, 100] as [Double])
    let results = vmap(over: limits) { limit in
      let (state, steps) = Tensor.repeating(
        Tensor([1.0], shape: .scalar), while: { $0 .< limit }, bound: 5
      ) { $0 * 2 }
      return [state, steps]
    }
    let (states, steps) = (results[0], results[1])
    #expect(states.doubles == [1, 8, 32] && steps.array(of: Int32.self) == [0, 3, 5])
  }

  @Test("places of the greatest and least, sums along an axis")
  func places() {
    let x = Tensor([3, 1, 3, 0, 2, 0] as [Float], shape: [2, 3])
    #expect(x.argmax().array(of: Int32.self) == [0, 1])
    #expect(x.argmin(axis: 0).array(of: Int32.self) == [1, 0, 1])
    #expect(x.converted(to: .int32).argmin().array(of: Int32.self) == [1, 0])
    #expect(matrix.cumulativeSum(axis: 0).doubles == [1, 2, 3, 5, 7, 9])
    #expect(
      matrix.converted(to: .int32).cumulativeSum(reversed: true).array(of: Int32.self)
        == [6, 5, 3, 15, 11, 6])
  }

  @Test("random tensors are the stream's numbers in order")
  func random() {
    var stream = RandomStream(seed: 1, purpose: "tensors")
    var again = stream
    let x = stream.normal(TensorType([2, 2], .float64))
    #expect(x.doubles == (0..<4).map { _ in again.normal() })
    let y = stream.uniform(TensorType([100], .float32), 2, 3).doubles
    #expect(y.allSatisfy { 2 <= $0 && $0 <= 3 })
    #expect(stream.integers([50], below: 3).doubles.allSatisfy { [0, 1, 2].contains($0) })
    let kept = stream.bernoulli(TensorType([1000], .float32), 0.25).sum().scalar
    #expect(200 < kept && kept < 300)
  }

  @Test("places in order: of equal elements the earlier first, what is not a number last")
  func sorted() {
    for scalar in [ScalarType.float32, .float64] {
      let x = Tensor([2, .nan, 1, 2, -.infinity, 1, .infinity], TensorType([7], scalar))
      #expect(x.sortedPlaces().doubles == [4, 2, 5, 0, 3, 6, 1])
      #expect(x.sortedPlaces(descending: true).doubles == [6, 0, 3, 2, 5, 4, 1])
      #expect(x.sortedPlaces(count: 3, descending: true).doubles == [6, 0, 3])
      #expect(x.sorted(count: 2).doubles == [-.infinity, 1])
      #expect(x.sortedPlaces(count: 0).shape == [0])
    }
    var stream = RandomStream(seed: 4, purpose: "order")
    for count in [1, 2, 31, 500] {
      let x = stream.integers([3, count], below: 50).converted(to: .float32)
      let rows = (0..<3).map { x[$0].doubles }
      let sorted = rows.flatMap { row in
        row.indices.sorted { row[$0] == row[$1] ? $0 < $1 : row[$0] < row[$1] }
      }
      #expect(x.sortedPlaces().doubles == sorted.map(Double.init))
      #expect(x.transposed().sorted(axis: 0).transposed().doubles == rows.flatMap { $0.sorted() })
      #expect(
        x.converted(to: .int32).sorted(descending: true).doubles
          == rows.flatMap { $0.sorted(by: >) })
    }
  }

  @Test("factors and solutions, in both precisions, and no numbers where there are none")
  func factors() {
    var stream = RandomStream(seed: 5, purpose: "matrices")
    for scalar in [ScalarType.float32, .float64] {
      let x = stream.normal(TensorType([2, 20, 20], scalar))
      let matrix = x.product(x, transposeRight: true) + Tensor.identity(20, as: scalar)
      let factor = matrix.cholesky()
      #expect(factor.lowerTriangle().doubles == factor.doubles)
      let tolerance = scalar == .float32 ? 1e-5 : 1e-13
      let again = factor.product(factor, transposeRight: true)
      #expect(relativeDifference([again], [matrix]) < tolerance)
      let right = stream.normal(TensorType([20, 3], scalar))
      let solution = factor.triangularSolution(right)
      #expect(solution.shape == [2, 20, 3])
      let expected = right.repeated(2)
      #expect(relativeDifference([factor.product(solution)], [expected]) < tolerance)
    }
    let indefinite = Tensor([1, 2, 2, 1] as [Double], shape: [2, 2]).cholesky().doubles
    #expect(indefinite[0].isNaN && indefinite[3].isNaN && indefinite[1] == 0)
  }

  @Test("what does not fit stops the program, and says which lines called")
  func callers() async {
    let failure = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      addWhatDoesNotFit()
    }
    let text = String(decoding: failure?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("shapes [2] and [3] do not fit each other"))
    #expect(text.contains("called at Tensors/OperationTests.swift:"))
    let other = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      multiplyWhatDoesNotFit()
    }
    let message = String(decoding: other?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("subscript j is 3 in operand 0 and 4 in operand 1"))
  }
}

@inline(never)
private func multiplyWhatDoesNotFit() {
  let (a, b) = (Tensor.identity(3, as: .float64), Tensor.identity(4, as: .float64))
  let product = Tensor.einsum("ij,jk->ik", a, b)
  print(product.doubles)
}

@inline(never)
private func addWhatDoesNotFit() {
  let sum = Tensor([1, 2] as [Double]) + Tensor([1, 2, 3] as [Double])
  print(sum.doubles)
}
