/// Stops the program with a message where a caller broke a rule of the interface.
///
/// Unlike `precondition`, the message is printed in release builds too: whoever mixes up two shapes
/// learns which, and where.
package func require(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition { stop(message(), file: file, line: line) }
}

/// Stops the program with a message, and with the lines that called this library.
@inline(never)
func stop(_ message: String, file: StaticString = #fileID, line: UInt = #line) -> Never {
  let callers = CallSite.lines
  let place = callers.isEmpty ? "" : " (called at \(callers.joined(separator: ", from ")))"
  fatalError(message + place, file: file, line: line)
}
