/// Runs single primitives at once, as a plan of one equation: what tensors with elements do outside
/// a trace.
enum Immediate {
  static func run(
    _ primitive: Primitive, _ operands: [Buffer], _ types: [TensorType]
  ) -> [(Buffer, TensorType)] {
    var program = Program()
    program.inputs = types.map { program.define($0) }
    program.outputs = program.append(primitive, program.inputs)
    let plan = Plan.make(program)
    return zip(Executor.run(Workspace(plan, on: .current, workers: 1), operands), plan.outputTypes)
      .map {
        ($0, $1)
      }
  }
}
