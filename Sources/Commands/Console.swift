import Foundation
import Synchronization

/// The standard streams: results go to standard output; progress, notes and errors to standard error.
/// A stream that cannot be written stops no work, and is told of at the end.
enum Console {
  /// The first `errno` of standard output, and of standard error; 0 for none.
  private static let outputCode = Atomic<Int32>(0)
  private static let errorCode = Atomic<Int32>(0)

  /// Gives streams that are closed something to be: the next file that is opened would become one, and
  /// fill with text. A pipe whose reader is gone and a file at its limit of size are errors of writing from
  /// here on, not the end.
  static func begin() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is this one. Results that nobody can get are an error, words are not.
      _ = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
    }
    for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    // Whoever ignored it would keep us from learning how programs end.
    signal(SIGCHLD, SIG_DFL)
  }

  /// Writes a result.
  static func show(_ text: String, terminator: String = "\n") {
    write(visible(text) + terminator, to: STDOUT_FILENO, outputCode)
  }

  /// Writes text beside the results.
  static func note(_ text: String) { write(visible(text), to: STDERR_FILENO, errorCode) }

  /// Writes text that takes the place of the terminal's present line.
  static func replaceLine(_ text: String) {
    write("\r\u{1B}[K" + visible(text), to: STDERR_FILENO, errorCode)
  }

  /// The text with what would command a terminal written out: names in files can have anything in them.
  private static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return text.unicodeScalars.reduce(into: "") { visible, scalar in
      if isControl(scalar) {
        visible += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        visible.unicodeScalars.append(scalar)
      }
    }
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control: scalar != "\n" && scalar != "\t"
    // Marks that turn the direction of writing hide what a name is.
    case .format:
      (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    default: false
    }
  }

  /// Ends the process where a stream could not be written: as other tools do where the reader of
  /// results is gone, and else as for any output that fails.
  static func end(named name: String) {
    let (output, errors) = (
      outputCode.load(ordering: .relaxed), errorCode.load(ordering: .relaxed)
    )
    if output == EPIPE {
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    // Nobody reads words whose reader is gone.
    guard output != 0 || errors != 0 && errors != EPIPE else { return }
    if output != 0 {
      let reason = String(cString: strerror(output))
      note("\(name): cannot write to standard output: \(reason); results are not shown\n")
    }
    exit(ExitCodes.inputOutput)
  }

  private static func write(_ text: String, to descriptor: Int32, _ code: borrowing Atomic<Int32>) {
    guard code.load(ordering: .relaxed) == 0 else { return }
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        let written = Glibc.write(descriptor, part.baseAddress, part.count)
        if written > 0 {
          rest = rest.dropFirst(written)
        } else if written < 0, errno == EAGAIN {
          // Somebody made the stream one that does not wait.
          var place = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&place, 1, -1)
        } else if written == 0 || errno != EINTR {
          code.store(written == 0 ? ENOSPC : errno, ordering: .relaxed)
          return
        }
      }
    }
  }
}
