extension Tensor {
  /// Sums of products, as subscripts say: a letter for each axis of each operand, then those of the
  /// result. Letters that the result lacks are summed over; one that an operand has twice takes its
  /// diagonal. `...` stands for the axes that have no letters, matched from the last backwards.
  ///
  /// Operands are joined from the first to the last, each time by one matrix product over what is
  /// summed, so that the order of operands decides the cost. Subscripts that do not fit stop the
  /// program with a message that names the letter.
  ///
  /// ```swift
  /// let scores = Tensor.einsum("bqhd,bkhd->bhqk", queries, keys)
  /// ```
  public static func einsum(_ subscripts: String, _ operands: Tensor...) -> Tensor {
    let parsed = EinsumSubscripts(subscripts, operands)
    var joined = LabeledTensor(operands[0], parsed.operands[0]).withoutRepetitions()
    for position in operands.indices.dropFirst() {
      let next = LabeledTensor(operands[position], parsed.operands[position]).withoutRepetitions()
      let later = Set(parsed.operands.dropFirst(position + 1).joined()).union(parsed.result)
      joined = joined.joined(with: next, keeping: later, order: parsed.result)
    }
    return joined.summed(keeping: Set(parsed.result)).transposed(to: parsed.result).tensor
  }
}

/// What einsum's subscripts say of operands whose shapes are known.
private struct EinsumSubscripts {
  private(set) var operands: [[String]] = []
  private(set) var result: [String] = []

  init(_ text: String, _ tensors: [Tensor]) {
    func require(_ condition: Bool, _ what: @autoclosure () -> String) {
      TensorPrograms.require(
        condition, "einsum \"\(text)\": \(what()), found operands \(tensors.map(\.type))")
    }
    let sides = text.filter { $0 != " " }.split(separator: "->", omittingEmptySubsequences: false)
    require(sides.count == 2, "must have one -> before the result's subscripts")
    let parts = sides[0].split(separator: ",", omittingEmptySubsequences: false)
    require(!tensors.isEmpty, "takes at least one operand")
    require(parts.count == tensors.count, "names \(parts.count) operands")

    // The axes under `...` are numbered from the last backwards.
    func unnamed(_ count: Int) -> [String] { (0..<count).reversed().map { "...\($0)" } }
    func letters(_ part: Substring, unnamedCount: (Int) -> Int) -> [String] {
      let pieces = part.split(separator: "...", omittingEmptySubsequences: false)
      require(pieces.count <= 2, "\(part) has ... twice")
      for letter in pieces.joined() {
        require(letter.isLetter, "subscript \(letter) is no letter")
      }
      guard pieces.count == 2 else { return part.map(String.init) }
      let count = unnamedCount(pieces[0].count + pieces[1].count)
      require(count >= 0, "\(part) has more letters than its operand has axes")
      return pieces[0].map(String.init) + unnamed(count) + pieces[1].map(String.init)
    }
    var extents: [String: (extent: Int, operand: Int)] = [:]
    var most = 0
    for (position, (part, tensor)) in zip(parts, tensors).enumerated() {
      let own = letters(part) { named in
        most = max(most, tensor.rank - named)
        return tensor.rank - named
      }
      require(
        own.count == tensor.rank, "\(part) has \(own.count) subscripts for operand \(position)")
      for (letter, extent) in zip(own, tensor.shape.extents) {
        let known = extents[letter] ?? (extent, position)
        require(
          known.extent == extent,
          "subscript \(letter) is \(known.extent) in operand \(known.operand) and \(extent) in "
            + "operand \(position)")
        extents[letter] = known
      }
      operands.append(own)
    }
    result = letters(sides[1]) { _ in most }
    for letter in result {
      require(extents[letter] != nil, "subscript \(letter) of the result is in no operand")
      require(
        result.filter { $0 == letter }.count == 1, "subscript \(letter) is twice in the result")
    }
  }
}

/// A tensor with a letter for each axis.
private struct LabeledTensor {
  let tensor: Tensor
  let labels: [String]

  init(_ tensor: Tensor, _ labels: [String]) {
    self.tensor = tensor
    self.labels = labels
  }

  /// The diagonals of axes with one letter.
  func withoutRepetitions() -> LabeledTensor {
    for (first, label) in labels.enumerated() {
      guard let second = labels[(first + 1)...].firstIndex(of: label) else { continue }
      let rest = labels.indices.filter { $0 != first && $0 != second }
      let extent = tensor.shape[first]
      let others = rest.map { tensor.shape[$0] }
      let diagonal = tensor.transposed([first, second] + rest)
        .reshaped(to: Shape([extent * extent] + others)).slice(by: extent + 1)
      return LabeledTensor(diagonal, [label] + rest.map { labels[$0] }).withoutRepetitions()
    }
    return self
  }

  /// The sums over all letters but some.
  func summed(keeping kept: Set<String>) -> LabeledTensor {
    let axes = labels.indices.filter { !kept.contains(labels[$0]) }
    return LabeledTensor(tensor.sum(axes: axes), labels.filter { kept.contains($0) })
  }

  func transposed(to order: [String]) -> LabeledTensor {
    LabeledTensor(tensor.transposed(order.compactMap { labels.firstIndex(of: $0) }), order)
  }

  /// The product with another, summed over all letters but some. The result's letters come in the
  /// given order where that costs nothing.
  func joined(
    with other: LabeledTensor, keeping kept: Set<String>, order: [String]
  ) -> LabeledTensor {
    let left = summed(keeping: kept.union(other.labels))
    let right = other.summed(keeping: kept.union(labels))
    let summed = left.labels.filter { right.labels.contains($0) && !kept.contains($0) }
    if summed.isEmpty { return left.multiplied(by: right, order: order) }
    let isRightFirst =
      order.first { left.labels.contains($0) != right.labels.contains($0) }
      .map { right.labels.contains($0) } ?? false
    return isRightFirst ? right.product(left, over: summed) : left.product(right, over: summed)
  }

  private func multiplied(by other: LabeledTensor, order: [String]) -> LabeledTensor {
    let all = labels + other.labels.filter { !labels.contains($0) }
    let known = order.filter { all.contains($0) }
    let axes = known + all.filter { !known.contains($0) }
    func aligned(_ operand: LabeledTensor) -> Tensor {
      let own = axes.filter { operand.labels.contains($0) }
      return operand.transposed(to: own).tensor
        .expanded(axes: axes.indices.filter { !own.contains(axes[$0]) })
    }
    return LabeledTensor(aligned(self) * aligned(other), axes)
  }

  /// One matrix product for each index of what both keep.
  private func product(_ right: LabeledTensor, over summed: [String]) -> LabeledTensor {
    let batch = labels.filter { right.labels.contains($0) && !summed.contains($0) }
    let (a, b) = (matrices(batch, summed), right.matrices(batch, summed))
    // What is summed is last on the left and first on the right, unless transposed.
    let products = a.tensor.product(
      b.tensor, transposeLeft: a.isSummedFirst, transposeRight: !b.isSummedFirst)
    let extents = (batch + a.free).map { extent(of: $0) } + b.free.map { right.extent(of: $0) }
    return LabeledTensor(products.reshaped(to: Shape(extents)), batch + a.free + b.free)
  }

  private func extent(of label: String) -> Int {
    labels.firstIndex(of: label).map { tensor.shape[$0] } ?? 1
  }

  /// The tensor as one matrix for each index of the batch: what is summed along one axis, its other
  /// letters along the other, in the order that moves no elements where there is one.
  private func matrices(
    _ batch: [String], _ summed: [String]
  ) -> (tensor: Tensor, isSummedFirst: Bool, free: [String]) {
    let free = labels.filter { !batch.contains($0) && !summed.contains($0) }
    let isSummedFirst = labels == batch + summed + free
    func count(_ group: [String]) -> Int { group.reduce(1) { $0 * extent(of: $1) } }
    let groups = isSummedFirst ? (summed, free) : (free, summed)
    let matrices = transposed(to: batch + groups.0 + groups.1).tensor
      .reshaped(to: Shape(batch.map { extent(of: $0) } + [count(groups.0), count(groups.1)]))
    return (matrices, isSummedFirst, free)
  }
}
