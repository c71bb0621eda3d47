import CHDF5
import Files

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Work of the HDF5 library on bytes that somebody else wrote, in a process of its own.
///
/// The library (1.10) can be led astray by bytes: to memory that is not its own, to any amount of it, or
/// to no end. Here a copy of the process does the work, with limits of memory and processor time, and
/// sends what it read through a pipe. What happens to it is an error like any other.
enum ReadingProcess {
  /// Bytes of memory beyond those of the datasets and of the file.
  private static let spareBytes = 1 << 28
  /// Seconds of processor time, and bytes for each of which there are more: of the slowest decompression.
  private static let (leastSeconds, bytesPerSecond) = (4, 20_000_000)

  /// How often a copy is made anew that stands still: one of another thread's locks was taken when it
  /// was made.
  private static let mostTrials = 20

  /// What work on a file of some bytes comes to.
  ///
  /// - Parameter work: is given the name of a file in memory.
  static func answer(
    fileBytes: Int, _ limits: HDF5Limits, _ work: (String) throws(HDF5Error) -> DecodedFile
  ) throws(HDF5Error) -> DecodedFile {
    for _ in 0..<mostTrials {
      if let answer = try trial(fileBytes, limits, work) { return try answer.get() }
    }
    throw HDF5Error(
      .refused, "read", at: "/", found: "a process that stands still",
      expected: "one that reads; try again")
  }

  /// What one copy answers; nil where it stands still.
  private static func trial(
    _ fileBytes: Int, _ limits: HDF5Limits, _ work: (String) throws(HDF5Error) -> DecodedFile
  ) throws(HDF5Error) -> Result<DecodedFile, HDF5Error>? {
    var pipe: [Int32] = [-1, -1]
    guard chdf5_pipe(&pipe) == 0 else { throw refusal("open a pipe for", errno) }
    defer { close(pipe[0]) }
    // No other thread is inside the library when the copy is made.
    let (process, code) = try HDF5Library.exclusively { name throws(HDF5Error) in
      let process = chdf5_fork()
      if process == 0 {
        serve(to: pipe[1], fileBytes, limits) { () throws(HDF5Error) in try work(name) }
      }
      return (process, errno)
    }
    close(pipe[1])
    guard process >= 0 else { throw refusal("begin a process for", code) }
    var reader = AnswerReader(pipe[0], of: process, limits: limits, fileBytes: fileBytes)
    do {
      let answer = try reader.answer()
      ended(process)
      return answer
    } catch {
      kill(process, SIGKILL)
      let status = ended(process)
      return error == .standsStill ? nil : .failure(lost(signal: status & 0x7F, fileBytes))
    }
  }

  /// What the copy does: it never returns.
  private static func serve(
    to pipe: Int32, _ fileBytes: Int, _ limits: HDF5Limits,
    _ work: () throws(HDF5Error) -> DecodedFile
  ) -> Never {
    confine(fileBytes, limits)
    let answer: Result<DecodedFile, HDF5Error>
    do {
      answer = .success(try work())
    } catch {
      answer = .failure(error)
    }
    var writer = AnswerWriter(pipe)
    try? writer.write(answer)
    // Nothing of the process that this is a copy of may run twice: no buffers, no handlers.
    _exit(0)
  }

  private static func confine(_ fileBytes: Int, _ limits: HDF5Limits) {
    // Interrupts are for the process that waits. What goes wrong here ends the copy without a word.
    for number in [SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1] { signal(number, SIG_IGN) }
    for number in [SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGTRAP, SIGFPE, SIGXCPU, SIGPIPE] {
      signal(number, SIG_DFL)
    }
    let nowhere = open("/dev/null", O_WRONLY)
    if nowhere >= 0 { for output: Int32 in [1, 2] { dup2(nowhere, output) } }
    let seconds = leastSeconds + fileBytes / bytesPerSecond
    let memory =
      chdf5_address_space() + limits.dataBytes(ofFile: fileBytes) + 2 * fileBytes + spareBytes
    chdf5_confine(UInt64(seconds), UInt64(memory))
  }

  /// Waits until a process has ended.
  ///
  /// - Returns: what the system says of its end.
  @discardableResult
  private static func ended(_ process: pid_t) -> Int32 {
    var status: Int32 = 0
    uninterrupted(waitpid(process, &status, 0))
    return status
  }

  /// Why there is no answer from a copy that a signal ended.
  private static func lost(signal: Int32, _ fileBytes: Int) -> HDF5Error {
    if signal == SIGXCPU {
      return HDF5Error(
        .limit, "read", at: "/", found: "work without an end",
        expected: "a file that is read within "
          + "\(leastSeconds + fileBytes / bytesPerSecond) seconds of processor time")
    }
    return HDF5Error(
      .library, "read", at: "/",
      found: "bytes by which the HDF5 library comes to its end"
        + (signal == 0 || signal == SIGKILL ? "" : " (signal \(signal))"),
      expected: "an intact HDF5 file")
  }

  private static func refusal(_ action: String, _ code: Int32) -> HDF5Error {
    HDF5Error(.refused, action, at: "/", found: String(cString: strerror(code)))
  }
}
