/// Moves sums and maxima over the last axes into the cluster that computes what they reduce: block
/// by block in cache, and nothing is written that only they read.
struct TrailingReductions {
  private let program: Program

  init(_ program: Program) { self.program = program }

  func apply(to groups: inout [ScheduledGroup]) {
    var clusterOf = [Int?](repeating: nil, count: program.types.count)
    var rows = [Int?](repeating: nil, count: groups.count)
    for group in groups.indices {
      switch groups[group] {
      case .cluster(let members):
        for member in members { clusterOf[program.equations[member].outputs[0]] = group }
      case .single(let position):
        let equation = program.equations[position]
        guard let row = equation.reducedRow(program.types),
          let cluster = clusterOf[equation.inputs[0]], rows[cluster] ?? row == row,
          case .cluster(let members) = groups[cluster]
        else { continue }
        rows[cluster] = row
        groups[cluster] = .cluster(members + [position])
        groups[group] = .cluster([])
      case .fused: break
      }
    }
    groups.removeAll { if case .cluster(let members) = $0 { members.isEmpty } else { false } }
  }
}

extension Equation {
  /// The neighbors of which a cluster can make one number, for a sum or a maximum over the last
  /// axes; nil for anything else.
  func reducedRow(_ types: [TensorType]) -> Int? {
    let axes: [Int]
    switch primitive {
    case .sum(let reduced), .reduceMaximum(let reduced): axes = reduced
    default: return nil
    }
    let shape = types[inputs[0]].shape
    guard let first = axes.min(), let last = axes.max(), types[inputs[0]].scalar.isFloatingPoint,
      shape.extents[(last + 1)...].allSatisfy({ $0 == 1 })
    else { return nil }
    let row = shape.extents[first...].reduce(1, *)
    return (2...Limits.reducedRow).contains(row) ? row : nil
  }
}
