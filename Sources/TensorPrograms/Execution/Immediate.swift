import Synchronization

/// Runs single primitives at once, as plans of one equation: what tensors with elements do outside
/// a trace.
///
/// Plans are kept by primitive and operand types, so that an operation on few elements costs about
/// as much as the memory of its result. Loops are not kept: they are run to be compiled, or once.
enum Immediate {
  private struct Key: Hashable {
    let primitive: Primitive
    let types: [TensorType]
  }

  /// A planned primitive, and the rooms to run it in that no thread is using.
  private final class Entry: Sendable {
    let plan: Plan
    private let workspaces = Mutex<[Workspace]>([])

    init(_ primitive: Primitive, _ types: [TensorType]) {
      var program = Program()
      program.inputs = types.map { program.define($0) }
      program.outputs = program.append(primitive, program.inputs)
      plan = Plan.make(program)
    }

    func run(_ operands: [Buffer]) -> [(Buffer, TensorType)] {
      let workspace =
        workspaces.withLock { $0.popLast() } ?? Workspace(plan, on: .current, workers: 1)
      defer { workspaces.withLock { $0.append(workspace) } }
      let results = withoutSubnormals { Executor.run(workspace, operands) }
      return results.indices.map { (results[$0], plan.outputTypes[$0]) }
    }
  }

  /// How many plans are kept. What programs do eagerly is far less; where it is not, all are
  /// forgotten together, which costs planning them again and needs no order of use.
  private static let capacity = 1024
  /// Intermediate values of one kept plan, in bytes, at most.
  private static let largestArena = 1 << 16

  private static let entries = Mutex<[Key: Entry]>([:])

  static func run(
    _ primitive: Primitive, _ operands: [Buffer], _ types: [TensorType]
  ) -> [(Buffer, TensorType)] {
    guard primitive.loop == nil else { return Entry(primitive, types).run(operands) }
    let key = Key(primitive: primitive, types: types)
    if let entry = entries.withLock({ $0[key] }) { return entry.run(operands) }
    let entry = Entry(primitive, types)
    if entry.plan.arenaBytes + entry.plan.scratchBytes <= largestArena {
      entries.withLock { entries in
        if entries.count >= capacity { entries = [:] }
        entries[key] = entry
      }
    }
    return entry.run(operands)
  }
}
