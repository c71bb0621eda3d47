#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Makes a system call, once more for as often as a signal interrupts it.
///
/// - Returns: what it returns; −1 with `errno` for any other error.
@discardableResult
package func uninterrupted(_ call: @autoclosure () -> Int32) -> Int32 {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}
