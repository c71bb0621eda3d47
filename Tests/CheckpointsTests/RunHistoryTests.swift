import Checkpoints
import Foundation
import HDF5Files
import MetaLearning
import TensorPrograms
import TestSupport
import Testing

@Suite struct RunHistoryTests {
  private let paths = [
    ParameterPath(["000_dense", "weight"]), ParameterPath(["000_dense", "bias"]),
  ]

  private func files(_ folder: TestFolder) -> RunHistory.Files {
    RunHistory.Files(
      trajectory: "\(folder.path)/trajectory.h5", metrics: "\(folder.path)/metrics.csv",
      journal: "\(folder.path)/history.journal")
  }

  private func add(_ steps: ClosedRange<Int>, to history: inout RunHistory) {
    for step in steps {
      let rates = [Tensor([0.1, 0.2 + Double(step)]), Tensor([Float(step)])]
      let diagnostics = Diagnostics(
        adjointSteps: [0, 4], adjointNorms: [Double(step), .infinity], sharpness: 1.5,
        stabilityEdge: step == 6 ? nil : 2, fractionMoved: 0.25, fractionNegative: 0.5,
        fractionAtBound: 0, isHypergradientZero: [false, step == 3],
        exchange: step == 6 ? ExchangeTest(share: 0.5, exchangedShare: 0.4, pValue: 0.1) : nil)
      history.append(
        Trajectory.Row(
          step: step, objective: step == 0 ? .nan : 1 / Double(step), hypergradientNorm: 2,
          validation: step % 3 == 0 ? 0.5 : nil, seconds: Double(step),
          statistics: rates.map {
            RateStatistics($0.doubles, parameterization: .direct, typical: 0.1)
          }, diagnostics: step > 0 && step % 3 == 0 ? diagnostics : nil,
          averageValidation: step == 4 ? 0.25 : nil, signal: step > 4 ? [0.5, 1, 0.25] : []),
        rates: rates)
    }
  }

  /// What a folder's files say together, of a copy of them, as resuming changes them: no step is
  /// cut, and the gap behind the last one is no warning.
  private func read(
    _ folder: TestFolder
  ) throws -> (trajectory: Trajectory, warnings: [String]) {
    let copy = try TestFolder()
    for name in folder.names { try copy.put(folder.bytes(of: name), as: name) }
    var (history, warnings) = try RunHistory.resuming(files(copy), paths: paths, after: 100)
    #expect(warnings.popLast()?.hasSuffix(" to 100") == true)
    return (history.trajectory, warnings)
  }

  /// The whole file of a history that was written at once.
  private func expected(_ last: Int) throws -> [UInt8] {
    let folder = try TestFolder()
    var history = try RunHistory(beginning: files(folder), paths: paths)
    add(0...last, to: &history)
    try history.save(isLast: true)
    return try folder.bytes(of: "trajectory.h5")
  }

  /// Saved step by step and never published, the journal alone has the history.
  @Test func theJournalIsTheHistory() throws {
    let folder = try TestFolder()
    do {
      var history = try RunHistory(beginning: files(folder), paths: paths)
      for step in 0...7 {
        add(step...step, to: &history)
        try history.save(isLast: false)
      }
    }
    #expect(!folder.names.contains("trajectory.h5"))
    let table = String(decoding: try folder.bytes(of: "metrics.csv"), as: UTF8.self)
    var (history, warnings) = try RunHistory.resuming(files(folder), paths: paths, after: 7)
    #expect(warnings.isEmpty)
    #expect(history.trajectory.csv == table)
    #expect(!folder.names.contains("history.journal"))
    try history.save(isLast: true)
    #expect(try folder.bytes(of: "trajectory.h5") == expected(7))
  }

  /// What is cut and continued, however often, is what was never cut.
  @Test(arguments: [0, 1, 3, 5, 7])
  func whatIsCutAndContinuedIsTheSame(_ cut: Int) throws {
    let folder = try TestFolder()
    var history = try RunHistory(beginning: files(folder), paths: paths)
    add(0...4, to: &history)
    try history.save(isLast: true)
    add(5...7, to: &history)
    try history.save(isLast: false)
    for last in [7, 9] {
      let (resumed, warnings) = try RunHistory.resuming(files(folder), paths: paths, after: cut)
      #expect(warnings.isEmpty)
      #expect(resumed.trajectory.rows.map(\.step) == Array(0...cut))
      history = resumed
      if cut < last { add(cut + 1...last, to: &history) }
      try history.save(isLast: false)
    }
    try history.save(isLast: true)
    let last = max(cut, 9)
    #expect(try folder.bytes(of: "trajectory.h5") == expected(last))
    #expect(
      try String(decoding: folder.bytes(of: "metrics.csv"), as: UTF8.self)
        == history.trajectory.csv)
  }

  /// A kill tears the last record at any byte: the steps before it are there, and nothing is said.
  @Test func aTornTailIsDropped() throws {
    let folder = try TestFolder()
    var history = try RunHistory(beginning: files(folder), paths: paths)
    add(0...3, to: &history)
    try history.save(isLast: false)
    let whole = try folder.bytes(of: "history.journal")
    add(4...4, to: &history)
    try history.save(isLast: false)
    let longer = try folder.bytes(of: "history.journal")
    for length in whole.count..<longer.count {
      try folder.put(Array(longer[..<length]), as: "history.journal")
      let copy = try TestFolder()
      for name in folder.names { try copy.put(folder.bytes(of: name), as: name) }
      // No checkpoint knows of what was being written.
      let (history, warnings) = try RunHistory.resuming(files(copy), paths: paths, after: 3)
      let steps = history.trajectory.rows.map { $0.step }
      #expect(steps == [0, 1, 2, 3] && warnings.isEmpty)
    }
  }

  /// Damage before intact records is said, and costs the damaged steps alone.
  @Test func damageInTheMiddleIsSaid() throws {
    let folder = try TestFolder()
    var history = try RunHistory(beginning: files(folder), paths: paths)
    var ends: [Int] = []
    for step in 0...4 {
      add(step...step, to: &history)
      try history.save(isLast: false)
      ends.append(try folder.bytes(of: "history.journal").count)
    }
    let bytes = try folder.bytes(of: "history.journal")
    for position in stride(from: ends[1], to: ends[2], by: 7) {
      var damaged = bytes
      damaged[position] ^= 0x55
      try folder.put(damaged, as: "history.journal")
      let (found, warnings) = try read(folder)
      #expect(found.rows.map(\.step) == [0, 1, 3, 4], "byte \(position)")
      #expect(warnings.count == 2 && warnings[0].contains("history.journal is damaged"))
      #expect(warnings.last == "the history has no step 2")
    }
    let (_, warnings) = try RunHistory.resuming(files(folder), paths: paths, after: 4)
    #expect(warnings.last == "the history has no step 2")
  }

  /// The last record is damaged, and not torn, where a checkpoint knows of its step.
  @Test func aDamagedLastRecordIsKept() throws {
    let folder = try TestFolder()
    var history = try RunHistory(beginning: files(folder), paths: paths)
    add(0...2, to: &history)
    try history.save(isLast: false)
    var bytes = try folder.bytes(of: "history.journal")
    bytes[bytes.count - 1] ^= 1
    try folder.put(bytes, as: "history.journal")
    let (_, warnings) = try RunHistory.resuming(files(folder), paths: paths, after: 2)
    #expect(warnings.count == 2 && warnings[0].contains("it is kept as"))
    #expect(warnings.last == "the history has no step 2")
    #expect(try folder.bytes(of: "history.journal.damaged") == bytes)
  }

  /// Rates of another model cannot be continued, whatever seals them: in the file, and in the journal.
  @Test(arguments: [true, false]) func ratesOfOtherShapesAreDamage(isPublished: Bool) throws {
    let folder = try TestFolder()
    var history = try RunHistory(beginning: files(folder), paths: paths)
    add(0...2, to: &history)
    try history.save(isLast: isPublished)
    let others = history.trajectory.snapshots[0].rates.map { $0.type.prepending(2) }
    let (found, warnings) = try RunHistory.resuming(
      files(folder), paths: paths, types: others, after: 2)
    #expect(found.trajectory.rows.isEmpty && warnings.last == "the history has no step 0 to 2")
    let file = isPublished ? "trajectory.h5" : "history.journal"
    #expect(folder.names.contains("\(file).damaged"))
  }

  /// What is damaged is kept under another name; what the system will not read now is left alone.
  @Test func damageIsMovedAsideAndRefusalsStop() throws {
    let folder = try TestFolder()
    var history = try RunHistory(beginning: files(folder), paths: paths)
    add(0...4, to: &history)
    try history.save(isLast: true)
    var bytes = try folder.bytes(of: "trajectory.h5")
    bytes[bytes.count / 2] ^= 1
    for number in 1...2 {
      try folder.put(bytes, as: "trajectory.h5")
      let (found, warnings) = try RunHistory.resuming(files(folder), paths: paths, after: 4)
      #expect(found.trajectory.rows.isEmpty)
      let place = "trajectory.h5.damaged" + (number == 1 ? "" : "-2")
      #expect(warnings.first?.hasSuffix("the file is kept as \(folder.path)/\(place)") == true)
      #expect(try folder.bytes(of: place) == bytes)
    }
    // A link that leads to itself is opened by nobody, and says nothing of the file.
    try folder.remove("trajectory.h5")
    symlink("trajectory.h5", "\(folder.path)/trajectory.h5")
    let before = folder.names
    #expect(throws: CheckpointError.self) {
      try RunHistory.resuming(files(folder), paths: paths, after: 4)
    }
    #expect(folder.names == before)
  }

  /// Rows at a distance: what has none is not missed, what should have one is.
  @Test func rowsThatAreNotDueAreNoGaps() throws {
    let folder = try TestFolder()
    var history = try RunHistory(beginning: files(folder), paths: paths)
    for step in [0, 1, 10, 20, 50] { add(step...step, to: &history) }
    try history.save(isLast: true)
    let (_, warnings) = try RunHistory.resuming(files(folder), paths: paths, after: 55) {
      $0 % 10 == 0 || $0 == 1
    }
    #expect(warnings == ["the history has no step 30 to 40"])
  }

  /// Killed after the whole file was written and before the journal was forgotten.
  @Test func recordsThatTheFileHasSayNothingNew() throws {
    let folder = try TestFolder()
    var history = try RunHistory(beginning: files(folder), paths: paths)
    add(0...5, to: &history)
    try history.save(isLast: false)
    let journal = try folder.bytes(of: "history.journal")
    try history.save(isLast: true)
    try folder.put(journal, as: "history.journal")
    let (found, warnings) = try read(folder)
    #expect(found.rows.map(\.step) == Array(0...5) && warnings.isEmpty)
  }

  /// A new run in a folder that an earlier one began takes nothing over from it.
  @Test func beginningForgets() throws {
    let folder = try TestFolder()
    var history = try RunHistory(beginning: files(folder), paths: paths)
    add(0...5, to: &history)
    try history.save(isLast: true)
    add(6...6, to: &history)
    try history.save(isLast: false)
    history = try RunHistory(beginning: files(folder), paths: paths)
    #expect(folder.names == ["metrics.csv"])
    #expect(try read(folder).trajectory.rows.isEmpty)
  }
}
