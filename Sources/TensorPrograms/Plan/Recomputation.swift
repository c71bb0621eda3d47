/// Computes values again in the clusters that read them, rather than writing them there and reading
/// them here, where that moves less memory.
///
/// Derivatives of derivatives leave many products of few values: what a gelu needs for its second
/// derivative follows from its operand and three cotangents, but is wanted in three places behind as
/// many matrix products. Recomputed values have the same bits. Only clusters whose values leave the
/// caches closest to a worker are changed.
package struct Recomputation {
  private let uses: Uses
  /// Whether a variable is a repetition that its readers see through.
  private let isView: (Int) -> Bool
  /// Inputs that outputs may overwrite where nobody reads them any more.
  private let overwritten: Set<Int>
  /// The equations of each group that is a cluster.
  private var clusters: [[Int]] = []
  /// The groups that compute an equation's result.
  private var computing: [Set<Int>] = []

  private var program: Program { uses.program }

  init(_ uses: Uses, overwritten: Set<Int>, isView: @escaping (Int) -> Bool) {
    (self.uses, self.overwritten, self.isView) = (uses, overwritten, isView)
  }

  /// Bytes that a cluster must read and write to be worth it: more than caches of single cores hold.
  /// Of the current task, so that tests can have everything recomputed.
  @TaskLocal package static var leastBytes = 1 << 20

  mutating func apply(to groups: inout [ScheduledGroup]) {
    clusters = groups.map { group in
      if case .cluster(let members) = group { members } else { [] }
    }
    computing = [Set<Int>](repeating: [], count: program.equations.count)
    for (group, members) in clusters.enumerated() {
      for member in members { computing[member].insert(group) }
    }
    // Readers before what they read: these then see what was added to those.
    for group in clusters.indices.reversed() where isLarge(group) {
      let free = freeResults(of: group)
      for values in [free] + free.reversed().map({ [$0] }) { recompute(values, of: group) }
    }
    for (group, members) in clusters.enumerated() {
      if case .cluster = groups[group] { groups[group] = .cluster(members) }
    }
    groups.removeAll { if case .cluster(let members) = $0 { members.isEmpty } else { false } }
  }

  private func isLarge(_ group: Int) -> Bool {
    guard let first = clusters[group].first else { return false }
    let values = inputs(clusters[group]).count + results(of: group).count
    return values * program.types[result(first)].byteCount >= Self.leastBytes
  }

  private func result(_ position: Int) -> Int { program.equations[position].outputs[0] }

  private func isReduction(_ position: Int) -> Bool {
    program.equations[position].reducedRow(program.types) != nil
  }

  /// What equations read of others.
  private func inputs(_ members: [Int]) -> Set<Int> {
    let own = Set(members.map(result))
    return Set(members.lazy.flatMap { program.equations[$0].inputs }).subtracting(own)
  }

  /// The clusters that read an equation's result without computing it; nil where others than clusters
  /// do, too.
  private func readers(of position: Int) -> Set<Int>? {
    let variable = result(position)
    guard !uses.isOutput(variable) else { return nil }
    var groups = Set<Int>()
    for reader in uses.readers(of: variable) {
      // What stands in no group is another name for it, or sees through it.
      if computing[reader].isEmpty { return nil }
      groups.formUnion(computing[reader])
    }
    return groups.subtracting(computing[position])
  }

  /// Equations whose results a cluster writes.
  private func results(of group: Int) -> [Int] {
    clusters[group].filter { !isReduction($0) && readers(of: $0)?.isEmpty != true }
  }

  /// Those whose results other clusters alone read.
  private func freeResults(of group: Int) -> [Int] {
    results(of: group).filter { readers(of: $0) != nil }
  }

  /// Has the readers of a cluster's values compute them, where that is less work.
  private mutating func recompute(_ values: [Int], of group: Int) {
    let values = values.filter { readers(of: $0)?.isEmpty == false }
    guard !values.isEmpty else { return }
    let dropped = Set(values)
    let written = Set(results(of: group)).subtracting(dropped)
    var change = -Double(values.count)
    var grown: [Int: [Int]] = [:]
    var further = Set<Int>()
    for reader in Set(values.flatMap { readers(of: $0) ?? [] }).sorted() {
      let (cone, read) = cone(of: dropped, from: group, written: written, into: reader)
      let members = clusters[reader]
      let all = (cone + members.filter { !isReduction($0) }).sorted() + members.filter(isReduction)
      guard all.count <= Limits.clusterEquations else { return }
      let (before, after) = (inputs(members), inputs(all))
      guard after.subtracting(before).isDisjoint(with: overwritten) else { return }
      further.formUnion(read)
      change += traffic(after) - traffic(before) + cone.reduce(0) { $0 + work(of: $1) }
      grown[reader] = all
    }
    // As many values fewer are kept as are kept longer.
    guard change < 0, further.count <= values.count else { return }
    for (reader, members) in grown {
      for member in members { computing[member].insert(reader) }
      clusters[reader] = members
    }
    dropUnread(of: group)
  }

  /// What a reader must compute to have values of another cluster itself, and which values it would
  /// read that this cluster reads.
  private func cone(
    of dropped: Set<Int>, from group: Int, written: Set<Int>, into reader: Int
  ) -> (positions: [Int], read: Set<Int>) {
    let (members, own) = (Set(clusters[group]), Set(clusters[reader]))
    let known = inputs(clusters[reader])
    var pending = known.compactMap { uses.position(defining: $0) }.filter { dropped.contains($0) }
    var (cone, read) = (Set(pending), Set<Int>())
    while let position = pending.popLast() {
      for input in program.equations[position].inputs {
        let definition = uses.position(defining: input)
        if let definition, own.contains(definition) || cone.contains(definition) { continue }
        if let definition, members.contains(definition), !written.contains(definition) {
          cone.insert(definition)
          pending.append(definition)
        } else if !known.contains(input) {
          read.insert(input)
        }
      }
    }
    return (cone.sorted(), read.filter { traffic([$0]) == 1 })
  }

  /// Removes what nobody reads any more.
  private mutating func dropUnread(of group: Int) {
    var kept: [Int] = []
    var read = Set<Int>()
    for member in clusters[group].reversed() {
      let variable = result(member)
      guard read.contains(variable) || isReduction(member) || readers(of: member)?.isEmpty != true
      else {
        computing[member].remove(group)
        continue
      }
      kept.append(member)
      read.formUnion(program.equations[member].inputs)
    }
    clusters[group] = kept.reversed()
  }

  /// How many values of the cluster's shape are read.
  private func traffic(_ inputs: Set<Int>) -> Double {
    inputs.reduce(0) { $0 + (isView($1) || program.types[$1].shape.count == 1 ? 0 : 1) }
  }

  /// How long an operation takes, where reading a value from memory takes 1: measured, about.
  private func work(of position: Int) -> Double {
    switch program.equations[position].primitive {
    case .unary(.negate), .unary(.absolute), .unary(.sign), .unary(.relu): 0.1
    case .unary(.sqrt), .binary(.divide): 0.3
    case .unary: 1.5
    default: 0.1
    }
  }
}
