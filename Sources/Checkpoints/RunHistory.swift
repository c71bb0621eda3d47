import Files
import MetaLearning
import Synchronization
import TensorPrograms

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The history of a run and the files that it is kept in.
///
/// A save appends to `history.journal`, which costs what is new. Now and then, and whenever a run
/// ends or stops, `trajectory.h5` is written whole in one atomic step and the journal begins anew:
/// readers always find a whole file, and the history is what both of them say together.
public struct RunHistory: Sendable {
  /// Where it is kept.
  public struct Files: Sendable {
    /// The path of the whole history, `trajectory.h5`.
    public let trajectory: String
    /// The path of the table for readers, `metrics.csv`.
    public let metrics: String
    /// The path of what was appended since, `history.journal`.
    public let journal: String
    /// The path of the event file for TensorBoard, whose name has `tfevents` in it; nil for none.
    public let events: String?

    /// Files at the given paths.
    public init(trajectory: String, metrics: String, journal: String, events: String? = nil) {
      self.trajectory = trajectory
      self.metrics = metrics
      self.journal = journal
      self.events = events
    }
  }

  /// Seconds between two times that the whole history is written.
  fileprivate static let interval = 30.0
  /// How many times longer than writing takes the pauses between are at least, so that a history of
  /// any length costs few percent.
  fileprivate static let patience = 20.0

  /// What is known.
  public private(set) var trajectory: Trajectory
  private let files: Files
  private let events: TensorBoardFile?
  /// Records of steps that no file has.
  private var pending: [UInt8] = []
  /// Rows of the trajectory that `metrics.csv` and the event file have.
  private var tabulated = 0
  private let publication: NextPublication

  /// A history that begins, over tensors of the given names; files of that name are replaced.
  public init(
    beginning files: Files, paths: [ParameterPath]
  ) throws(CheckpointError) {
    try self.init(files, Trajectory(paths: paths))
    do {
      try AtomicFile.remove(files.trajectory)
    } catch {
      throw .file(error)
    }
  }

  /// The history up to a step, from which a run goes on; the files are cut to it. A row that
  /// `isRecorded` says should be there and is not is a gap.
  ///
  /// - Parameters:
  ///   - files: where the history lies.
  ///   - paths: the parameters'.
  ///   - types: those of effective rates, where they are known; a file of others is damaged.
  ///   - step: the last step that the run has done.
  ///   - isRecorded: whether a step should have a row.
  /// - Returns: what was wrong, in words; nothing where the history is whole. What is damaged has
  ///   been moved aside.
  /// - Throws: where the system refuses to read what may be whole.
  public static func resuming(
    _ files: Files, paths: [ParameterPath], types: [TensorType]? = nil, after step: Int,
    where isRecorded: (Int) -> Bool = { _ in true }
  ) throws(CheckpointError) -> (history: RunHistory, warnings: [String]) {
    let (trajectory, warnings) = try read(
      files, paths: paths, types: types, after: step, where: isRecorded)
    var history = try RunHistory(files, trajectory)
    try history.save(isLast: true)
    return (history, warnings)
  }

  private init(_ files: Files, _ trajectory: Trajectory) throws(CheckpointError) {
    self.files = files
    self.trajectory = trajectory
    events = files.events.map {
      TensorBoardFile(path: $0, start: Self.date - (trajectory.rows.last?.seconds ?? 0))
    }
    publication = NextPublication(Self.now + Self.interval)
    do {
      try AtomicFile.write(Array(trajectory.csv.utf8), to: files.metrics)
      try events?.rewrite(trajectory)
      if trajectory.rows.isEmpty { try HistoryJournal(path: files.journal).clear() }
    } catch {
      throw .file(error)
    }
    tabulated = trajectory.rows.count
  }

  /// What the files say together up to a step. Records of steps that the trajectory has are of the
  /// time before the journal was cleared.
  private static func read(
    _ files: Files, paths: [ParameterPath], types: [TensorType]?, after step: Int,
    where isRecorded: (Int) -> Bool
  ) throws(CheckpointError) -> (trajectory: Trajectory, warnings: [String]) {
    var warnings: [String] = []
    func setAside(_ path: String, _ loss: String) throws(CheckpointError) {
      do {
        let place = try AtomicFile.setAside(path)
        warnings.append("\(loss); the file is kept as \(place)")
      } catch {
        throw .file(error)
      }
    }
    var trajectory = Trajectory(paths: paths)
    do {
      trajectory = try Trajectory.load(from: files.trajectory, paths: paths, types: types)
    } catch {
      switch error {
      // A run that was killed early has a journal alone.
      case .file(let error) where error.isMissing: break
      case .file: throw error
      case _ where error.isRefusal: throw error
      default:
        try setAside(files.trajectory, "the history up to the last journal is lost: \(error)")
      }
    }
    let journal: HistoryJournal.Contents
    do {
      journal = try HistoryJournal(path: files.journal).contents()
    } catch {
      throw .file(error)
    }
    var isDamaged = journal.isDamaged
    for payload in journal.payloads {
      var reader = RecordReader(payload)
      guard let (row, rates) = reader.row(tensors: paths.count),
        rates.map({ rates in types.map { $0 == rates.map(\.type) } ?? true }) ?? true
      else {
        isDamaged = true
        continue
      }
      if row.step > trajectory.rows.last?.step ?? -1 { trajectory.append(row, snapshot: rates) }
    }
    trajectory.truncate(after: step)
    let gaps = trajectory.gaps(upTo: step, where: isRecorded)
    // A kill tears only what no checkpoint knows of: a row that is missing is in what looks torn.
    guard isDamaged || journal.isTorn && !gaps.isEmpty else { return (trajectory, warnings + gaps) }
    // Its intact records are nowhere else until the history is written.
    do {
      let place = try AtomicFile.copyAside(files.journal)
      warnings.append(
        "\(files.journal) is damaged: steps of the history are missing; it is kept as \(place)")
    } catch {
      throw .file(error)
    }
    return (trajectory, warnings + gaps)
  }

  /// Adds a step.
  public mutating func append(_ row: Trajectory.Row, rates: [Tensor]) {
    let snapshot = trajectory.append(row, rates: rates)
    pending += HistoryJournal.record(RecordWriter(row, rates: snapshot).bytes)
  }

  /// Puts every step on the disk.
  ///
  /// - Parameter isLast: whether readers are to find everything in `trajectory.h5` now.
  public mutating func save(isLast: Bool) throws(CheckpointError) {
    try changes(isLast: isLast).write()
  }

  /// What the files do not have yet, to be written by any thread, in the order in which it was
  /// asked for; the history takes it for written.
  ///
  /// - Parameter isLast: whether readers are to find everything in `trajectory.h5` then.
  package mutating func changes(isLast: Bool) -> Changes {
    let publishing = isLast || Self.now >= publication.withLock { $0 }
    let changes = Changes(
      files: files, records: publishing ? [] : pending,
      trajectory: publishing ? trajectory : nil, lines: trajectory.lines(from: tabulated),
      events: events?.records(trajectory, from: tabulated) ?? [], publication: publication)
    pending = []
    tabulated = trajectory.rows.count
    return changes
  }

  /// What a save adds to the files.
  package struct Changes: Sendable {
    fileprivate let files: Files
    /// Records that the journal gets.
    fileprivate let records: [UInt8]
    /// The whole history, where it is written; then the journal begins anew.
    fileprivate let trajectory: Trajectory?
    /// New lines of the table.
    fileprivate let lines: String
    /// New records of the event file.
    fileprivate let events: [UInt8]
    fileprivate let publication: NextPublication

    /// Writes it.
    package func write() throws(CheckpointError) {
      if let trajectory {
        try publish(trajectory)
      } else {
        do {
          try HistoryJournal(path: files.journal).append(records)
        } catch {
          throw .file(error)
        }
      }
      try tabulate()
    }

    /// Writes the whole history, then forgets the journal: killed between the two, it says nothing
    /// new.
    private func publish(_ trajectory: Trajectory) throws(CheckpointError) {
      let start = RunHistory.now
      try trajectory.save(to: files.trajectory)
      do {
        try HistoryJournal(path: files.journal).clear()
      } catch {
        throw .file(error)
      }
      let end = RunHistory.now
      publication.withLock {
        $0 = end + max(RunHistory.interval, RunHistory.patience * (end - start))
      }
    }

    /// Appends to the files that are for readers alone: a kill may tear the last line or record,
    /// and resuming writes them anew.
    private func tabulate() throws(CheckpointError) {
      do {
        try append(Array(lines.utf8), to: files.metrics)
        if let path = files.events { try append(events, to: path) }
      } catch {
        throw .file(error)
      }
    }

    private func append(_ bytes: [UInt8], to path: String) throws(FileError) {
      guard !bytes.isEmpty else { return }
      let descriptor = uninterrupted(
        // What a link names is somebody else's.
        open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644))
      guard descriptor >= 0 else { throw FileError("open", path, code: errno) }
      defer { close(descriptor) }
      try AtomicFile.write(bytes, to: descriptor, path: path)
    }
  }

  /// Seconds on a clock that never goes back.
  fileprivate static var now: Double { seconds(CLOCK_MONOTONIC) }

  /// Seconds since 1970 began.
  private static var date: Double { seconds(CLOCK_REALTIME) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}

/// When the whole history is written next, on the clock of `RunHistory`: known once the last
/// writing has ended, on whatever thread.
private final class NextPublication: Sendable {
  private let time: Mutex<Double>

  init(_ time: Double) { self.time = Mutex(time) }

  func withLock<Result>(_ body: (inout Double) -> Result) -> Result {
    time.withLock { body(&$0) }
  }
}
