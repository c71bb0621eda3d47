import Foundation

/// How compiled functions use the machine. Results have the same bits under all options.
public struct ExecutionOptions: Sendable, Equatable {
  /// Threads that share the work, the calling one included.
  public var workers: Int
  /// How they share a run.
  public var sharing: Sharing

  /// One worker per core that the process may use, unless said otherwise.
  public init(
    workers: Int = max(1, ProcessInfo.processInfo.activeProcessorCount), sharing: Sharing = .tried
  ) {
    require(workers >= 1, "programs run on one worker or more, found \(workers)")
    self.workers = workers
    self.sharing = sharing
  }

  /// What functions that are compiled now will run with; a caller sets it for a scope:
  ///
  /// ```swift
  /// ExecutionOptions.$current.withValue(ExecutionOptions(workers: 1)) {
  ///   let function = compile(like: x) { $0 * $0 }
  /// …
  /// }
  /// ```
  @TaskLocal public static var current = ExecutionOptions()
}

/// How workers share a run.
public enum Sharing: String, Sendable, CaseIterable {
  /// Large kernels, wherever there is enough to share; loops of short steps find out by trying
  /// whether that pays, and else compute a part of the next step meanwhile.
  case tried
  /// Large kernels, wherever there is enough to share.
  case always
  /// No kernels: a second worker computes the part of a loop's next step that does not depend on
  /// the current one.
  case ahead
  /// Nothing: workers take whole tasks only.
  case never
}

/// What runs a program: its options, and the threads that they ask for.
struct Execution: Sendable {
  let pool: WorkerPool
  let sharing: Sharing

  init(_ options: ExecutionOptions) {
    pool = .of(workers: options.workers)
    sharing = options.sharing
  }

  /// What runs the functions that are compiled now.
  static var current: Execution { Execution(.current) }
}
