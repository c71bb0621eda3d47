import Synchronization

/// Runs single primitives at once, as plans of one equation: what tensors with elements do outside
/// a trace.
///
/// Plans are kept by primitive and operand types, so that an operation on few elements costs about
/// as much as the memory of its result. Loops are not kept: they are run to be compiled, or once.
enum Immediate {
  /// A planned primitive, and the room to run it in, which one thread uses at a time.
  private final class Entry: Sendable {
    private let primitive: Primitive
    let plan: Plan
    private let workspace: Workspace
    private let isInUse = Atomic<Bool>(false)

    init(_ primitive: Primitive, _ types: [TensorType]) {
      self.primitive = primitive
      var program = Program()
      program.inputs = types.map { program.define($0) }
      program.outputs = program.append(primitive, program.inputs)
      plan = Plan.make(program)
      workspace = Workspace(plan, on: .current, workers: 1)
    }

    func isFor(_ primitive: Primitive, _ operands: [some OperandHolder]) -> Bool {
      self.primitive == primitive && operands.count == plan.inputTypes.count
        && operands.indices.allSatisfy { operands[$0].operand.type == plan.inputTypes[$0] }
    }

    func run<Value: OperandHolder>(_ operands: [Value]) -> [Value] {
      let isOurs = !isInUse.exchange(true, ordering: .acquiring)
      let room = isOurs ? workspace : Workspace(plan, on: .current, workers: 1)
      defer { if isOurs { isInUse.store(false, ordering: .releasing) } }
      let control = FloatControl.withoutSubnormals()
      defer { control.restore() }
      return Executor.run(room, operands, into: [])
    }
  }

  /// How many plans are kept. What programs do eagerly is far less; where it is not, all are
  /// forgotten together, which costs planning them again and needs no order of use.
  private static let capacity = 1024
  /// Intermediate values of one kept plan, in bytes, at most.
  private static let largestArena = 1 << 16

  /// Plans by the hash of their primitive and types: no key has to be made to look one up.
  private static let entries = Mutex<(byHash: [Int: [Entry]], count: Int)>(([:], 0))

  /// Runs a primitive on values with elements.
  static func run<Value: OperandHolder>(_ primitive: Primitive, _ operands: [Value]) -> [Value] {
    func newEntry() -> Entry { Entry(primitive, operands.map(\.operand.type)) }
    guard primitive.loop == nil else { return newEntry().run(operands) }
    var hasher = Hasher()
    hasher.combine(primitive)
    for operand in operands { hasher.combine(operand.operand.type) }
    let hash = hasher.finalize()
    let kept = entries.withLock { $0.byHash[hash]?.first { $0.isFor(primitive, operands) } }
    if let kept { return kept.run(operands) }
    let entry = newEntry()
    if entry.plan.arenaBytes + entry.plan.scratchBytes <= largestArena {
      entries.withLock { entries in
        if entries.count >= capacity { entries = ([:], 0) }
        entries.byHash[hash, default: []].append(entry)
        entries.count += 1
      }
    }
    return entry.run(operands)
  }
}
