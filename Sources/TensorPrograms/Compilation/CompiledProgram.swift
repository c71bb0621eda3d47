import Synchronization

/// A program made ready to run: simplified and planned once.
///
/// Calls allocate only their results. Any number of threads may call at the same time.
public final class CompiledProgram: Sendable {
  package let program: Program
  package let plan: Plan
  private let execution: Execution
  private let workspaces = Mutex<[Workspace]>([])

  package init(_ program: Program, options: ExecutionOptions = .current) {
    execution = Execution(options)
    // A map is batched once what is inside it is known; blocks are simplified on their own.
    self.program = program.simplified().withBlockedMaps()
    plan = Plan.make(self.program)
  }

  /// The types of the arguments.
  public var inputTypes: [TensorType] { plan.inputTypes }
  /// The types of the results.
  public var outputTypes: [TensorType] { plan.outputTypes }

  /// The program's text form, whose grammar stands in ARCHITECTURE.md.
  public var text: String { program.description }

  /// The plan, a line for each thing that runs.
  public var planText: String { plan.text }

  /// Bytes that a call needs besides its arguments and results.
  public var peakBytes: Int { plan.peakBytes(workers: execution.pool.workers) }

  /// Bytes that a call takes in all: arguments, results and what it needs besides.
  public var totalBytes: Int {
    (inputTypes + outputTypes).reduce(peakBytes) { $0 + $1.byteCount }
  }

  /// Loop steps that binomial sweeps have recomputed, over all calls that have returned and all
  /// blocks of tasks.
  public var advancedSteps: Int {
    workspaces.withLock { $0.reduce(0) { $0 + $1.allAdvancedSteps } }
  }

  /// Runs the program on tensors of exactly the types that it was compiled for.
  ///
  /// - Parameter spent: results of an earlier call that are needed no more: those to which nothing
  ///   else refers are written anew, so that what goes round in a loop stays where it is.
  package func callAsFunction(
    _ inputs: [Tensor], into spent: consuming [Tensor] = []
  ) -> [Tensor] {
    require(
      inputs.count == inputTypes.count && zip(inputs, inputTypes).allSatisfy { $0.type == $1 },
      "compiled for \(inputTypes), called with \(inputs.map(\.type))")
    let workspace = takeWorkspace()
    defer { giveBack(workspace) }
    return run(workspace, inputs, into: spent)
  }
}

extension CompiledProgram {
  /// The fewest operations that workers can share for which waking them pays.
  private static let leastShared = 2_000_000

  /// Whether all workers share the large kernels of a call.
  var isTeamed: Bool {
    plan.sharedOperations >= CompiledProgram.leastShared && execution.pool.workers > 1
      && execution.sharing != .never
  }

  /// Lends a workspace that no other call uses.
  func withWorkspace<Result>(_ body: (Workspace) -> Result) -> Result {
    let workspace = takeWorkspace()
    defer { giveBack(workspace) }
    return body(workspace)
  }

  private func takeWorkspace() -> Workspace {
    workspaces.withLock { $0.popLast() }
      ?? Workspace(plan, on: execution, workers: execution.pool.workers)
  }

  private func giveBack(_ workspace: Workspace) { workspaces.withLock { $0.append(workspace) } }

  /// Runs the plan, with a team where that is worth while.
  func run(
    _ workspace: Workspace, _ inputs: [Tensor], into spent: consuming [Tensor] = []
  ) -> [Tensor] {
    let control = FloatControl.withoutSubnormals()
    defer { control.restore() }
    guard isTeamed else { return Executor.run(workspace, inputs, into: spent) }
    let pool = execution.pool
    let team = Team()
    workspace.admit(team)
    var results = spent
    pool.run(pool.workers) { worker in
      guard worker == 0 else { return team.serve() }
      results = Executor.run(workspace, inputs, into: results)
      team.dismiss()
    }
    workspace.admit(nil)
    return results
  }
}
