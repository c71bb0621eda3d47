/// Stops the program with a message where a caller broke a rule of the interface.
///
/// Unlike `precondition`, the message is printed in release builds too: whoever mixes up two shapes
/// learns which.
package func require(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition { fatalError(message(), file: file, line: line) }
}
