/// Moves equations from a cluster to the only one that reads what they compute, which then is
/// neither written nor read.
///
/// A schedule computes what is elementwise as soon as it can. Rates and their moves, for example,
/// are there when a step begins, but their sum is wanted once the gradient is known.
struct LateClusters {
  private let uses: Uses

  private var program: Program { uses.program }

  init(_ uses: Uses) { self.uses = uses }

  func apply(to groups: inout [ScheduledGroup]) {
    var clusters = groups.map { group -> [Int] in
      if case .cluster(let members) = group { members } else { [] }
    }
    var clusterOf = [Int?](repeating: nil, count: program.equations.count)
    for (cluster, members) in clusters.enumerated() {
      for member in members { clusterOf[member] = cluster }
    }
    for cluster in clusters.indices.reversed() {
      for position in clusters[cluster].reversed() where clusterOf[position] == cluster {
        guard let later = onlyReader(of: position, clusterOf), later > cluster,
          let first = clusters[later].first, result(first).type == result(position).type
        else { continue }
        let moved = cone(of: position, within: clusters[cluster], clusterOf)
        guard clusters[later].count + moved.count <= Limits.clusterEquations,
          saves(moved, from: clusters[cluster], to: clusters[later])
        else { continue }
        for member in moved { clusterOf[member] = later }
        clusters[cluster].removeAll { moved.contains($0) }
        clusters[later] = moved.sorted() + clusters[later]
      }
    }
    groups = groups.enumerated().compactMap { position, group in
      guard case .cluster = group else { return group }
      return clusters[position].isEmpty ? nil : .cluster(clusters[position])
    }
  }

  private func result(_ position: Int) -> (variable: Int, type: TensorType) {
    let variable = program.equations[position].outputs[0]
    return (variable, program.types[variable])
  }

  /// The one cluster in which all readers of an equation's result are.
  private func onlyReader(of position: Int, _ clusterOf: [Int?]) -> Int? {
    let variable = result(position).variable
    let readers = uses.readers(of: variable)
    guard !uses.isOutput(variable), let first = readers.first, let cluster = clusterOf[first]
    else { return nil }
    return readers.allSatisfy { clusterOf[$0] == cluster } ? cluster : nil
  }

  /// An equation with those of its cluster that nothing else reads.
  private func cone(of position: Int, within cluster: [Int], _ clusterOf: [Int?]) -> Set<Int> {
    var cone: Set = [position]
    for member in cluster.reversed() where member < position {
      let variable = result(member).variable
      let readers = uses.readers(of: variable)
      if !uses.isOutput(variable), !readers.isEmpty,
        readers.allSatisfy({ cone.contains($0) })
      {
        cone.insert(member)
      }
    }
    return cone
  }

  /// Whether less is written and read where equations move from one cluster to another.
  private func saves(_ moved: Set<Int>, from cluster: [Int], to later: [Int]) -> Bool {
    func inputs(_ positions: some Sequence<Int>) -> Set<Int> {
      let positions = Set(positions)
      let computed = Set(positions.map { result($0).variable })
      return Set(positions.flatMap { program.equations[$0].inputs }).subtracting(computed)
    }
    func outputs(_ positions: some Sequence<Int>) -> Int {
      let positions = Set(positions)
      return positions.count { position in
        let variable = result(position).variable
        return uses.isOutput(variable)
          || !uses.readers(of: variable).allSatisfy { positions.contains($0) }
      }
    }
    let (left, grown) = (cluster.filter { !moved.contains($0) }, later + moved)
    let before = inputs(cluster).count + outputs(cluster) + inputs(later).count + outputs(later)
    let after = inputs(left).count + outputs(left) + inputs(grown).count + outputs(grown)
    return after < before
  }
}
