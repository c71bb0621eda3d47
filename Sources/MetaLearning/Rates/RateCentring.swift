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
      let weighted = numbers * Tensor(part.shares, type)
      // Sums over sets are the adjoint of reading their means.
      let means = gradient(at: Tensor.zeros(type.with([part.count]))) { means in
        (means.gather(sets) * weighted).sum()
      }
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

/// What a term of rates is, in words.
package struct RateTermText: Sendable {
  /// `base`, `offset_1`.
  package let name: String
  /// `orbit, knots(5)`.
  package let text: String
  /// How many numbers it has.
  package let count: Int
  /// What keeps it from being confused with other terms.
  package let holding: String
}

extension RateLayout {
  /// The terms in words.
  package var termTexts: [RateTermText] {
    terms.indices.map { index in
      let offset = index == 0 ? nil : specification.offsets[index - 1]
      return RateTermText(
        name: index == 0 ? "base" : "offset_\(index)", text: terms[index].text,
        count: terms[index].types.reduce(0) { $0 + $1.shape.count },
        holding: offset.map {
          $0.decay > 0
            ? "pulled to 0 by decay \($0.decay)" : "centred within the terms before it"
        } ?? "")
    }
  }

  /// How many numbers constant rates of a granularity have for each parameter tensor; for one that
  /// tensors share, in the first of its tensors.
  package func numbers(of granularity: Granularity) -> [Int] {
    let term = RateTerm(granularity, .constant, of: parameters, steps: steps, symmetry)
    guard term.sources.count == term.types.count else {
      let counts = term.types.map(\.shape.count)
      return counts + [Int](repeating: 0, count: max(0, parameters.count - counts.count))
    }
    return term.sources.map { term.types[$0].shape.count }
  }

  /// Refuses orbits of a model whose units have no names, and offsets of which nothing is left when
  /// they are centred.
  package func requireIdentified() throws(RateError) {
    let isOfOrbits = terms.contains { $0.orbits != nil }
    guard !isOfOrbits || parameters.axes.joined().contains(where: { $0.units != nil }) else {
      throw .unsupported(
        "rates of orbits need a model whose axes name their units, which this one's do not: choose another "
          + "granularity, or name them in Trainable.axes")
    }
    for part in RateCentring(self).parts where part.isEmpty {
      let term = terms.indices.first { tensors(of: $0) == part.tensors } ?? 0
      throw .unsupported(
        "rates.terms[\(term)] (\(terms[term].text)) changes no rate that the terms before it cannot "
          + "change: give it a decay, or a finer granularity or time")
    }
  }
}

extension RateTerm {
  /// `tensor, knots(5)`.
  fileprivate var text: String {
    time == .constant ? granularity.text : "\(granularity.text), \(time)"
  }
}

extension RateCentring.Part {
  init(_ layout: RateLayout, offset: Int, within other: Int) {
    let (own, earlier) = (layout.terms[offset], layout.terms[other])
    tensors = layout.tensors(of: offset)
    let cells = RateCells(own, layout.parameters)
    var joined = DisjointSets(cells.sizes.count)
    var first: [Int: Int] = [:]
    for (cell, shared) in zip(
      cells.ofParameters, RateCells(earlier, layout.parameters).ofParameters)
    {
      if let known = first[shared] { joined.unite(cell, known) } else { first[shared] = cell }
    }
    let setOfCell = joined.sets
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
    var (sets, first): (DisjointSets, [Int: Int]) = (DisjointSets(rows), [:])
    for (row, shared) in zip(rowOfStep, other.rowOfStep) {
      if let known = first[shared] { sets.unite(row, known) } else { first[shared] = row }
    }
    return sets.sets
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

  init(_ count: Int) { parents = Array(0..<count) }

  private mutating func root(_ element: Int) -> Int {
    var element = element
    while parents[element] != element {
      parents[element] = parents[parents[element]]
      element = parents[element]
    }
    return element
  }

  mutating func unite(_ one: Int, _ other: Int) { parents[root(one)] = root(other) }

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
