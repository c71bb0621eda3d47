import Dispatch
import Synchronization

/// Saves on a thread of its own, one at a time and in the order in which they were asked for.
package final class SavingThread<Saved: Sendable>: Sendable {
  private let queue = DispatchQueue(label: "saving")
  private let outcome = Mutex<Result<Saved, any Error>?>(nil)

  /// A thread that does nothing yet.
  package init() {}

  /// Whether a save has failed and `finish` will say so.
  package var hasFailed: Bool {
    outcome.withLock {
      if case .failure = $0 { true } else { false }
    }
  }

  /// Begins a save. The one before must have been finished.
  package func begin(_ save: @escaping @Sendable () throws -> Saved) {
    queue.async {
      let result = Result { try save() }
      self.outcome.withLock { $0 = result }
    }
  }

  /// What the save under way has saved, once it has; nil where none is.
  package func finish() throws -> Saved? {
    queue.sync {}
    let outcome = outcome.withLock { outcome in
      defer { outcome = nil }
      return outcome
    }
    return try outcome?.get()
  }
}
