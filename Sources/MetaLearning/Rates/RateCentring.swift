import TensorPrograms

/// Holds what terms have in common in the earlier one: of an offset that nothing pulls to 0, the
/// mean over every set of parameters and steps that both terms give one number each is held at 0.
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

    /// The layer factor's exponent of each number, less its set's mean; nil beside other bases. A
    /// trend over it within a set, which is one row of time, is the factor's.
    let trend: [Double]?

    /// How many sets there are.
    var count: Int { Int(sets.max() ?? -1) + 1 }
  }

  let parts: [Part]

  init(_ layout: RateLayout) {
    parts = layout.specification.offsets.indices.flatMap { offset -> [Part] in
      let offsets = layout.specification.offsets
      guard offsets[offset].decay == 0 else { return [] }
      // Of an earlier offset that is pulled to 0, the pull says what is its own.
      return (0...offset).filter { $0 == 0 || offsets[$0 - 1].decay == 0 }
        .map { Part(layout, offset: offset + 1, within: $0) }
    }
  }

  /// Which offsets are centred, by their tensors.
  var centred: [Range<Int>] {
    parts.map(\.tensors).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
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
        var squares = [Double](repeating: 0, count: part.count)
        for (set, square) in zip(part.sets, zip(along, trend).map { $0 * $1 }) {
          squares[Int(set)] += square
        }
        // A set without a trend has none to take out.
        let inverses = squares.map { $0 > 0 ? 1 / $0 : 0 }
        let slopes =
          (rest * Tensor(along, type)).sums(over: sets, count: part.count)
          * Tensor(inverses, type.with([part.count]))
        rest = rest - slopes.gather(sets) * Tensor(trend, type)
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
      ? RateCentring.Part.trend(cells, layout, rows: setOfRow.count, sets, shares) : nil
  }

  /// The exponent of each number, less its set's mean; nil where they are all the same.
  private static func trend(
    _ cells: RateCells, _ layout: RateLayout, rows: Int, _ sets: [Int], _ shares: [Double]
  ) -> [Double]? {
    var sums = [Double](repeating: 0, count: cells.sizes.count)
    let exponents = zip(layout.exponents, layout.parameters.shapes).flatMap {
      [Int](repeating: $0, count: $1.count)
    }
    for (cell, exponent) in zip(cells.ofParameters, exponents) { sums[cell] += Double(exponent) }
    let means = zip(sums, cells.sizes).map { $0 / Double($1) }
    let numbers = cells.ranges.flatMap { range in (0..<rows).flatMap { _ in means[range] } }
    var setMeans = [Double](repeating: 0, count: (sets.max() ?? -1) + 1)
    for (set, part) in zip(sets, zip(numbers, shares)) { setMeans[set] += part.0 * part.1 }
    let trend = zip(numbers, sets).map { $0 - setMeans[$1] }
    return trend.contains { abs($0) > 1e-9 } ? trend : nil
  }
}
