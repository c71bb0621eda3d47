import TensorPrograms

/// Holds what terms have in common in the earlier one: of an offset that nothing pulls to 0, the mean
/// over every set of parameters and steps that both terms give one number each is held at 0.
///
/// Without that a constant could move from one term to the other and change no rate.
struct RateCentring: Sendable {
  /// One offset within one earlier term.
  struct Part: Sendable {
    /// The offset's tensors.
    let tensors: Range<Int>
    /// For each of the offset's numbers, row by row of time and tensor by tensor, its set.
    let sets: [Int32]
    /// How much of its set's mean each number is; of each set they sum to 1.
    let shares: [Double]

    /// The layer factor's exponent of each number, less their mean; nil beside other bases. A trend over
    /// it is the factor's.
    let trend: [Double]?

    /// How many sets there are.
    var count: Int { Int(sets.max() ?? -1) + 1 }
    /// Whether nothing of the offset is left.
    var isEmpty: Bool { count + (trend == nil ? 0 : 1) >= sets.count }
  }

  let parts: [Part]

  init(_ layout: RateLayout) {
    parts = layout.specification.offsets.indices.flatMap { offset -> [Part] in
      guard layout.specification.offsets[offset].decay == 0 else { return [] }
      return (0...offset).map { Part(layout, offset: offset + 1, within: $0) }
    }
  }

  /// The unconstrained tensors with offsets that are centred.
  func callAsFunction(_ unconstrained: [Tensor]) -> [Tensor] {
    var tensors = unconstrained
    for part in parts {
      let own = Array(tensors[part.tensors])
      let numbers = Tensor.concatenate(own.map { $0.reshaped(to: [$0.shape.count]) })
      let type = numbers.type
      let sets = Tensor(part.sets)
      let means = (numbers * Tensor(part.shares, type)).sums(over: sets, count: part.count)
      var rest = numbers - means.gather(sets)
      if let trend = part.trend {
        let along = zip(part.shares, trend).map { $0 * $1 }
        let square = zip(along, trend).reduce(0) { $0 + $1.0 * $1.1 }
        rest = rest - (rest * Tensor(along, type)).sum() / square * Tensor(trend, type)
      }
      for (index, tensor) in zip(part.tensors, own) {
        let count = tensor.shape.count
        tensors[index] = rest.slice(0..<count).reshaped(to: tensor.shape)
        if index + 1 < part.tensors.upperBound { rest = rest.slice(count..<rest.shape[0]) }
      }
    }
    return tensors
  }
}

extension RateCentring.Part {
  init(_ layout: RateLayout, offset: Int, within other: Int) {
    let (own, earlier) = (layout.terms[offset], layout.terms[other])
    tensors = layout.tensors(of: offset)
    let cells = RateCells(own, layout.parameters)
    let setOfCell = DisjointSets(
      cells.sizes.count, joining: cells.ofParameters,
      alikeIn: RateCells(earlier, layout.parameters).ofParameters
    ).sets
    let setOfRow = own.setsOfRows(within: earlier)
    let rowSets = (setOfRow.max() ?? 0) + 1
    var weights: [Double] = []
    var sets: [Int] = []
    let lengths = own.lengthsOfRows
    for range in cells.ranges {
      for row in setOfRow.indices {
        for cell in range {
          sets.append(setOfCell[cell] * rowSets + setOfRow[row])
          weights.append(Double(cells.sizes[cell]) * lengths[row])
        }
      }
    }
    var totals = [Double](repeating: 0, count: (sets.max() ?? -1) + 1)
    for (set, weight) in zip(sets, weights) { totals[set] += weight }
    self.sets = sets.map { Int32($0) }
    shares = zip(sets, weights).map { $1 / totals[$0] }
    trend =
      earlier.sources.isEmpty
      ? RateCentring.Part.trend(cells, layout, rows: setOfRow.count, shares) : nil
  }

  /// The exponent of each number, less their mean; nil where they are all the same.
  private static func trend(
    _ cells: RateCells, _ layout: RateLayout, rows: Int, _ shares: [Double]
  ) -> [Double]? {
    var sums = [Double](repeating: 0, count: cells.sizes.count)
    let exponents = zip(layout.exponents, layout.parameters.shapes).flatMap {
      [Int](repeating: $0, count: $1.count)
    }
    for (cell, exponent) in zip(cells.ofParameters, exponents) { sums[cell] += Double(exponent) }
    let means = zip(sums, cells.sizes).map { $0 / Double($1) }
    let numbers = cells.ranges.flatMap { range in (0..<rows).flatMap { _ in means[range] } }
    let mean = zip(numbers, shares).reduce(0) { $0 + $1.0 * $1.1 }
    let trend = numbers.map { $0 - mean }
    return trend.contains { abs($0) > 1e-9 } ? trend : nil
  }
}

/// Which of a term's numbers each parameter reads, the numbers counted through all tensors of a row.
private struct RateCells {
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

extension RateTerm {
  /// The set of each row of time that is one number in this term and in another.
  fileprivate func setsOfRows(within other: RateTerm) -> [Int] {
    guard let rows, other.time != .constant else { return [Int](repeating: 0, count: rows ?? 1) }
    if time == other.time { return Array(0..<rows) }
    // Step by step; what knots and steps have in common is no set of rows.
    return DisjointSets(rows, joining: rowOfStep, alikeIn: other.rowOfStep).sets
  }

  /// The row of each step that reads one row.
  private var rowOfStep: [Int] {
    switch time {
    case .constant, .knots: [Int](repeating: 0, count: steps)
    case .window(let width): (0..<steps).map { $0 / width }
    case .step: Array(0..<steps)
    }
  }

  /// How many steps read each row; of a knot, how much of it they read.
  fileprivate var lengthsOfRows: [Double] {
    switch time {
    case .constant: return [Double(steps)]
    case .knots(let count):
      var lengths = [Double](repeating: 0, count: count)
      for step in 0..<steps {
        for (knot, weight) in RateRows.knotWeights(count, at: step, of: steps).enumerated() {
          lengths[knot] += weight
        }
      }
      return lengths
    case .window, .step:
      var lengths = [Double](repeating: 0, count: rows!)
      for row in rowOfStep { lengths[row] += 1 }
      return lengths
    }
  }
}

/// Sets that are united, two elements at a time.
private struct DisjointSets {
  private var parents: [Int]

  /// So many elements, of which those are in one set that stand beside equal labels.
  init(_ count: Int, joining elements: [Int], alikeIn labels: [Int]) {
    parents = Array(0..<count)
    var first: [Int: Int] = [:]
    for (element, label) in zip(elements, labels) {
      if let known = first[label] { unite(element, known) } else { first[label] = element }
    }
  }

  private mutating func root(_ element: Int) -> Int {
    var element = element
    while parents[element] != element {
      parents[element] = parents[parents[element]]
      element = parents[element]
    }
    return element
  }

  private mutating func unite(_ one: Int, _ other: Int) { parents[root(one)] = root(other) }

  /// The number of each element's set, counted from 0 in the order of their first elements.
  var sets: [Int] {
    var (copy, numbers): (DisjointSets, [Int: Int]) = (self, [:])
    return parents.indices.map { element in
      let root = copy.root(element)
      let number = numbers[root] ?? numbers.count
      numbers[root] = number
      return number
    }
  }
}
