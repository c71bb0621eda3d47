import Synchronization

/// Does two things at once, where a worker is idle; else one after the other. Results are the same.
package func concurrently<First, Second>(
  _ first: () -> First, _ second: () -> Second
) -> (First, Second) {
  var results: (first: First?, second: Second?)
  let claimed = Atomic<Int>(0)
  let pool = Execution.current.pool
  // Whoever is free takes what is left: nobody waits for a worker that has not come.
  pool.run(2) { _ in
    while true {
      switch claimed.add(1, ordering: .relaxed).oldValue {
      case 0: results.first = first()
      case 1: results.second = second()
      default: return
      }
    }
  }
  return (results.first!, results.second!)
}
