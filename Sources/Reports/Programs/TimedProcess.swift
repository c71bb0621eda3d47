import Foundation

/// A program run to its end, or to the end of our patience.
///
/// It is begun by `posix_spawn`, whose every failure is an answer: no lack of descriptors or of memory
/// ends the work that a picture or a fact is only beside.
package enum TimedProcess {
  /// How a program ended.
  package enum Ending: Sendable, Equatable {
    /// By itself, with a status, or by a signal other than ours, with 128 + its number.
    case exited(Int32)
    /// By our signal, after the time limit.
    case outOfTime
    /// It never began.
    case notStarted(String)
  }

  /// What came of it.
  package struct Outcome: Sendable {
    /// How it ended.
    package let ending: Ending
    /// What it wrote to standard output.
    package let output: Data
    /// The beginning of what it wrote to standard error, without white space around it.
    package let errors: String
  }

  /// How much of the error output is kept.
  private static let longestErrors = 2000
  /// Many times what any program here prints.
  private static let mostOutput = 1 << 26

  /// The program of a name that is found on `PATH`, if any.
  static func onPath(_ name: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs a program with no input.
  ///
  /// - Parameters:
  ///   - executable: its path.
  ///   - arguments: those behind its name.
  ///   - folder: where it runs; nil for where we do.
  ///   - timeLimit: seconds.
  package static func run(
    _ executable: String, arguments: [String], in folder: String? = nil, timeLimit: Double
  ) -> Outcome {
    func failed(_ reason: String) -> Outcome {
      Outcome(ending: .notStarted(reason), output: Data(), errors: "")
    }
    // From another folder a relative path is another one.
    let executable = URL(fileURLWithPath: executable).path
    let folder = folder.map { URL(fileURLWithPath: $0).path }
    guard access(executable, X_OK) == 0 else { return failed(String(cString: strerror(errno))) }
    // Files rather than pipes: a pipe fills up unless somebody reads it meanwhile.
    guard let output = temporary() else { return failed("no temporary file: \(reason)") }
    defer { close(output) }
    guard let errors = temporary() else { return failed("no temporary file: \(reason)") }
    defer { close(errors) }

    var process: pid_t = 0
    let code = spawn(executable, arguments, folder, output, errors, &process)
    guard code == 0 else { return failed(String(cString: strerror(code))) }
    let (status, isInTime) = wait(for: process, seconds: timeLimit)
    return Outcome(
      ending: isInTime ? .exited(status) : .outOfTime, output: contents(output),
      errors: text(contents(errors)))
  }

  /// What the system said last, in words.
  private static var reason: String { String(cString: strerror(errno)) }

  /// A file without a name, which is gone when it is closed; nil with `errno`.
  private static func temporary() -> Int32? {
    var template = Array((NSTemporaryDirectory() + "/metarate-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return nil }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(template)
    return descriptor
  }

  private static func spawn(
    _ executable: String, _ arguments: [String], _ folder: String?, _ output: Int32,
    _ errors: Int32, _ process: inout pid_t
  ) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    // What this process ignores, another one need not.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGPIPE, SIGXFSZ] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    // A shell goes to a folder wherever this is built; not every C library shows another way.
    let command =
      folder.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0, executable] + arguments }
      ?? [executable] + arguments
    var words = command.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    return posix_spawn(&process, command[0], &actions, &attributes, &words, environ)
  }

  /// The status of a process, and whether it ended within its time; one that did not is ended.
  private static func wait(for process: pid_t, seconds: Double) -> (status: Int32, Bool) {
    let start = ProcessInfo.processInfo.systemUptime
    var limit = seconds
    var signals = [SIGTERM, SIGKILL]
    var pause: UInt32 = 500
    while true {
      var status: Int32 = 0
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process {
        // As a shell tells of it.
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
        return (code, signals.count == 2)
      }
      if ended < 0, errno != EINTR { return (-1, signals.count == 2) }
      if ProcessInfo.processInfo.systemUptime - start >= limit, !signals.isEmpty {
        kill(process, signals.removeFirst())
        limit += 2
      }
      usleep(pause)
      pause = min(2 * pause, 50_000)
    }
  }

  private static func contents(_ descriptor: Int32) -> Data {
    var data = Data()
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while data.count < mostOutput {
      let count = pread(descriptor, &bytes, bytes.count, off_t(data.count))
      guard count > 0 else { break }
      data.append(contentsOf: bytes.prefix(count))
    }
    return data
  }

  private static func text(_ data: Data) -> String {
    let said = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return said.count > longestErrors ? said.prefix(longestErrors) + " …" : said
  }
}
