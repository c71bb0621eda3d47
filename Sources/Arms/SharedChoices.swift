import Foundation
import MetaLearning

/// What several arms of a repetition need and the first of them computes; the others are charged
/// for it as if they had.
package final class SharedChoices {
  private struct Entry {
    var value: Any
    var seconds: Double
  }

  private var entries: [String: Entry] = [:]
  /// What the present arm has used.
  private var used: Set<String> = []
  /// Seconds that others spent on what the present arm has used.
  package private(set) var borrowedSeconds = 0.0

  /// Whether the present arm has chosen by runs on the tuning seeds.
  package internal(set) var hasTuned = false

  /// What the arms that were asked expect to pay for what another of them computes.
  package private(set) var expectedSavings = Budget()
  private var expected: Set<String> = []

  /// The cost of a key's value, which is computed once.
  func expecting(_ key: String, _ cost: Budget) -> Budget {
    if !expected.insert(key).inserted { expectedSavings = expectedSavings + cost }
    return cost
  }

  /// Nothing yet.
  package init() {}

  /// Another arm begins to choose.
  package func beginArm() {
    used = []
    borrowedSeconds = 0
    hasTuned = false
  }

  /// The value of a key, computed where nobody has yet.
  func value<Value>(_ key: String, _ compute: () throws -> Value) rethrows -> Value {
    if let entry = entries[key], let value = entry.value as? Value {
      if used.insert(key).inserted { borrowedSeconds += entry.seconds }
      return value
    }
    let start = ProcessInfo.processInfo.systemUptime
    let value = try compute()
    entries[key] = Entry(value: value, seconds: ProcessInfo.processInfo.systemUptime - start)
    used.insert(key)
    return value
  }
}
