/// Where the time of a function's runs went.
package struct Profile: Sendable {
  /// A kernel's part of it.
  package struct Line: Sendable {
    /// The loops around it, outermost first; of a sweep's pullback, that as well.
    package var place: [String]
    /// What the plan's text says of it.
    package var text: String
    package var kind: Kernel.Kind
    /// Calls a run, those of all workers.
    package var calls: Int
    /// Of a run's time: where workers run it side by side, the mean over them. Of loops only what
    /// the kernels inside leave: passing values on, waiting for other workers.
    package var milliseconds: Double
    /// How many workers run it side by side, each calls of its own.
    package var workers: Int
    /// Of a run: floating-point operations of products, bytes that others read and write.
    package var work: Int

    /// How many loops are around it.
    package var depth: Int { place.count }
  }

  /// In the order of the plan.
  package let lines: [Line]
  /// A run's time, the clock's readings included.
  package let seconds: Double
  /// What the last run returned.
  package let results: [Tensor]
  /// What the kernels of loops left of it: making room for results, waking workers.
  package var outsideMilliseconds: Double {
    seconds * 1000 - lines.reduce(0) { $0 + $1.milliseconds }
  }
}

/// Reads a profile off the timings that a workspace and those of its loops have.
struct ProfileReader {
  let runs: Int
  /// Nanoseconds that counting added to every kernel.
  let cost: Double
  /// Whether maps run on one worker, since all are in the team that shares the run's kernels.
  let isTeamed: Bool

  /// The lines of a plan, from the workspaces of all who ran it.
  func lines(_ workspaces: [Workspace], place: [String] = [], workers: Int = 1) -> [Profile.Line] {
    let plan = workspaces[0].plan
    let loops = plan.kernels.filter { $0.kind == .loops }.count
    var loop = 0
    return plan.kernels.indices.flatMap { position -> [Profile.Line] in
      let kernel = plan.kernels[position]
      let entries = workspaces.compactMap { $0.timings?.entries[position] }
      let calls = entries.reduce(0) { $0 + $1.calls }
      let nanoseconds = entries.reduce(0) { $0 + Double($1.nanoseconds) - cost * Double($1.calls) }
      var line = Profile.Line(
        place: place, text: kernel.text, kind: kernel.kind, calls: calls / runs, milliseconds: 0,
        workers: workers, work: kernel.work * calls / runs)
      guard kernel.kind == .loops else {
        line.milliseconds = milliseconds(nanoseconds, workers)
        return [line]
      }
      loop += 1
      let name = String(kernel.text.prefix { $0 != " " }) + (loops > 1 ? " \(loop)" : "")
      let groups = self.workspaces(of: kernel, workspaces.map { $0.children[position] })
      let runsAhead = workspaces[0].children[position].first?.runsAhead ?? false
      let inside = isTeamed ? (runsAhead ? 2 : 1) : groups[0].count / workspaces.count
      let busy = groups.joined().reduce(0) { $0 + counted($1) }
      line.milliseconds = milliseconds(nanoseconds * Double(inside) - busy, workers * inside)
      return [line] + bodies(groups, of: kernel, place + [name], workers * inside)
    }
  }

  /// The workspaces of each of a loop's plans.
  private func workspaces(of kernel: Kernel, _ children: [[Workspace]]) -> [[Workspace]] {
    switch kernel {
    case .scan(let loop) where loop.ahead != nil:
      [children.map { $0[0] }, children.map { $0[0].ahead!.workspace }]
    case .map(let loop) where loop.remainder != nil:
      [children.flatMap { $0.dropLast() }, children.map { $0.last! }]
    case .map: [children.flatMap { $0 }]
    default: children[0].indices.map { plan in children.map { $0[plan] } }
    }
  }

  private func bodies(
    _ groups: [[Workspace]], of kernel: Kernel, _ place: [String], _ workers: Int
  ) -> [Profile.Line] {
    let first = lines(groups[0], place: place, workers: workers)
    guard groups.count > 1 else { return first }
    guard case .map = kernel else {
      return first
        + lines(groups[1], place: place + [kernel.bodies[1].name], workers: workers)
    }
    let rest = lines(groups[1], place: place, workers: workers)
    guard first.map(\.kind) == rest.map(\.kind), first.map(\.place) == rest.map(\.place) else {
      let name = place.last! + ", last block"
      return first + lines(groups[1], place: place.dropLast() + [name], workers: workers)
    }
    return zip(first, rest).map { line, other in
      var sum = line
      sum.calls += other.calls
      sum.milliseconds += other.milliseconds
      sum.work += other.work
      return sum
    }
  }

  /// Nanoseconds that a plan's kernels were seen to take, the clock's readings included.
  private func counted(_ workspace: Workspace) -> Double {
    guard let timings = workspace.timings else { return 0 }
    return timings.entries.reduce(Double(timings.runs) * cost) { $0 + Double($1.nanoseconds) }
  }

  private func milliseconds(_ nanoseconds: Double, _ workers: Int) -> Double {
    max(0, nanoseconds) / 1e6 / Double(workers * runs)
  }
}
