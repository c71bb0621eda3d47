import TensorPrograms

/// Which of a term's numbers each parameter reads, the numbers counted through all tensors of a
/// row.
struct RateCells {
  /// By parameter, tensor by tensor.
  let ofParameters: [Int]
  /// How many parameters each number has.
  let sizes: [Int]
  /// The numbers of each tensor.
  let ranges: [Range<Int>]

  init(_ term: RateTerm, _ parameters: ParameterLayout) {
    guard !term.sources.isEmpty else {
      // A layer factor has one number and what follows from it.
      ofParameters = [Int](repeating: 0, count: parameters.parameterCount)
      (sizes, ranges) = ([parameters.parameterCount], [0..<1])
      return
    }
    var (ranges, next) = ([Range<Int>](), 0)
    for shape in term.shapes {
      ranges.append(next..<next + shape.count)
      next += shape.count
    }
    ofParameters = term.sources.indices.flatMap { tensor in
      let source = term.sources[tensor]
      return term.positions(of: tensor, parameters.shapes[tensor]).map {
        ranges[source].lowerBound + $0
      }
    }
    var sizes = [Int](repeating: 0, count: next)
    for cell in ofParameters { sizes[cell] += 1 }
    (self.sizes, self.ranges) = (sizes, ranges)
  }
}
