/// Whose memory each variable of a schedule lies in, and how long that is wanted.
struct Lifetimes {
  /// The variable whose memory each one shares, and how many elements in.
  private var roots: [(variable: Int, offset: Int)]
  /// The step that reads each variable from memory last; -1 where none does, `Int.max` for outputs.
  private var lastUses: [Int]

  init(_ schedule: Schedule) {
    let program = schedule.program
    roots = program.types.indices.map { ($0, 0) }
    lastUses = [Int](repeating: -1, count: program.types.count)
    for (position, equation) in program.equations.enumerated() {
      switch schedule.kinds[position] {
      case .alias(let offset):
        let root = roots[equation.inputs[0]]
        roots[equation.outputs[0]] = (root.variable, root.offset + offset)
      case .view, .contents:
        // Readers of a view read its operand.
        roots[equation.outputs[0]] = roots[equation.inputs[0]]
      case .constant, .elementwise, .single, .absorbed: break
      }
    }
    for (step, group) in schedule.groups.enumerated() {
      var own = Set<Int>()
      if case .cluster(let members) = group {
        own.formUnion(members.lazy.flatMap { program.equations[$0].outputs })
      }
      for position in group.positions {
        // What a cluster computes itself, perhaps once more, it does not read from memory.
        for input in program.equations[position].inputs where !own.contains(input) {
          lastUses[root(input)] = step
        }
      }
    }
    for output in program.outputs { lastUses[root(output)] = Int.max }
  }

  /// The variable whose memory another one lies in.
  func root(_ variable: Int) -> Int { roots[variable].variable }

  /// Where in that memory it begins, in elements.
  func offset(_ variable: Int) -> Int { roots[variable].offset }

  /// The step that reads a variable's own memory last; -1 where none does, `Int.max` for outputs.
  func lastUse(_ variable: Int) -> Int { lastUses[variable] }
}
