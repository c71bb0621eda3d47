import Files
import MetaLearning
import TensorPrograms

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A history as an event file: an event for each line of `metrics.csv`, with its numbers and the
/// quantiles of rates.
///
/// Tags are the columns' names and `rates/<tensor>/median`, `rates/<tensor>/quantile_05`, ….
package struct TensorBoardFile: Sendable {
  let path: String
  /// When `seconds` of rows were 0, in seconds since 1970 began. Of a run that was resumed it is as
  /// if the last session had done all of it: times never go back, and lie apart by what learning
  /// took.
  let start: Double

  /// A file for a history whose next rows count their seconds from a time on.
  package init(path: String, start: Double) {
    (self.path, self.start) = (path, start)
  }

  /// All records of a history.
  package func records(_ trajectory: Trajectory) -> [UInt8] {
    TensorBoardEvent(beginningAt: start).record + records(trajectory, from: 0)
  }

  /// The records of a history from a row on.
  func records(_ trajectory: Trajectory, from first: Int) -> [UInt8] {
    trajectory.tabulatedRows(from: first).flatMap { row in
      TensorBoardEvent(
        step: row.step, at: start + row.seconds,
        scalars: (scalars(row) + rates(row, trajectory.paths)).filter { !$0.value.isNaN }
      ).record
    }
  }

  private func scalars(_ row: Trajectory.Row) -> [(tag: String, value: Double)] {
    zip(Trajectory.Row.scalarNames, row.scalars).map { ($0, $1 ?? .nan) }
  }

  private func rates(
    _ row: Trajectory.Row, _ paths: [ParameterPath]
  ) -> [(tag: String, value: Double)] {
    zip(paths, row.statistics).flatMap { path, statistics in
      zip(Self.levelNames, statistics.quantiles).map { ("rates/\(path)/\($0)", $1) }
    }
  }

  private static let levelNames = RateStatistics.levels.map { level in
    let percent = Int((100 * level).rounded())
    return percent == 50 ? "median" : "quantile_\(percent < 10 ? "0" : "")\(percent)"
  }

  /// Makes the file the records of a history and no more.
  ///
  /// It is written over in place. A TensorBoard that is open has read it up to some record and goes
  /// on from there: what a resumed run repeats has the same lengths. It would not look into a new
  /// file of the same name, and would take a temporary one for another run's.
  func rewrite(_ trajectory: Trajectory) throws(FileError) {
    let records = records(trajectory)
    let descriptor = uninterrupted(open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644))
    guard descriptor >= 0 else { throw FileError("open", path, code: errno) }
    defer { close(descriptor) }
    try AtomicFile.write(records, to: descriptor, path: path)
    guard uninterrupted(ftruncate(descriptor, records.count)) == 0 else {
      throw FileError("cut", path, code: errno)
    }
  }
}
