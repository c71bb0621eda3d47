/// What a loop's step keeps for the reverse sweep, and what the sweep computes again from it.
///
/// Of all sets of values from which the sweep can go on without a matrix product, a reduction or an
/// inner loop, the one of fewest bytes is kept: memory is what a long unroll runs out of, and a
/// number takes longer to write and read back than to compute again among others in cache.
struct Residuals {
  /// Variables to store.
  let stored: [Int]
  /// Positions of the equations that the sweep runs again, in order.
  let recomputed: [Int]

  /// - Parameters:
  ///   - needed: variables that the sweep reads.
  ///   - available: variables that the sweep has anyway.
  ///   - recomputesAll: whether only what no equation defines is stored.
  init(_ program: Program, needed: Set<Int>, available: Set<Int>, recomputesAll: Bool) {
    let uses = Uses(program)
    /// The equation that computes a variable again, if one may.
    func recomputing(_ variable: Int) -> Int? {
      uses.position(defining: variable).flatMap {
        recomputesAll || program.equations[$0].primitive.isRecomputed ? $0 : nil
      }
    }

    let stored =
      recomputesAll ? [] : Residuals.fewestBytes(program, needed, available, recomputing)
    var isWanted = [Bool](repeating: false, count: program.equations.count)
    var kept: Set<Int> = []
    var pending = Array(needed)
    var seen = needed
    while let variable = pending.popLast() {
      if available.contains(variable) { continue }
      guard !stored.contains(variable), let position = recomputing(variable) else {
        kept.insert(variable)
        continue
      }
      isWanted[position] = true
      for input in program.equations[position].inputs where seen.insert(input).inserted {
        pending.append(input)
      }
    }
    self.stored = kept.sorted()
    recomputed = isWanted.indices.filter { isWanted[$0] }
  }

  private static func fewestBytes(
    _ program: Program, _ needed: Set<Int>, _ available: Set<Int>, _ recomputing: (Int) -> Int?
  ) -> Set<Int> {
    // Everything that needed values may be computed from, as nodes in order of their finding.
    var nodes: [Int: Int] = [:]
    var variables: [Int] = []
    func add(_ variable: Int) {
      guard !available.contains(variable), nodes[variable] == nil else { return }
      nodes[variable] = variables.count
      variables.append(variable)
    }
    for variable in needed.sorted() { add(variable) }
    var position = 0
    while position < variables.count {
      let variable = variables[position]
      position += 1
      guard let equation = recomputing(variable) else { continue }
      for input in program.equations[equation].inputs { add(input) }
    }
    // One more than its bytes, so that of equal sets the one with fewer values wins.
    var cut = MinimumCut(costs: variables.map { program.types[$0].byteCount + 1 })
    for (node, variable) in variables.enumerated() {
      if needed.contains(variable) { cut.addSink(node) }
      guard let equation = recomputing(variable) else {
        cut.addSource(node)
        continue
      }
      for input in program.equations[equation].inputs {
        if let other = nodes[input] { cut.addEdge(from: other, to: node) }
      }
    }
    return Set(cut.solve().map { variables[$0] })
  }
}

extension Primitive {
  /// Whether computing it again may beat storing it: what touches each element of its result once.
  fileprivate var isRecomputed: Bool {
    switch self {
    case .binary(let operation): !operation.isSlow
    case .constant, .unary, .compare, .select, .convert, .stopGradient, .reshape,
      .transpose, .broadcast, .slice, .pad, .concatenate, .gather, .patches:
      true
    case .scatterAdd, .foldPatches, .sum, .reduceMaximum, .product, .order, .cholesky,
      .triangularSolve, .scan, .checkpointedReverse, .map:
      false
    }
  }
}
