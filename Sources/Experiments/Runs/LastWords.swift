/// Ends the process at once when it is asked to stop, for work whose finished parts are saved as
/// they are done: with words that say what was kept, and the exit code of the signal.
package enum LastWords {
  /// From now on.
  package static func set(_ text: String) { StopSignals.answer(with: text) }
}
