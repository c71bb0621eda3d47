import Checkpoints
import Foundation
import HDF5Files
import MetaLearning
import TensorPrograms
import TestSupport
import Testing

@Suite struct TensorBoardFileTests {
  private let paths = [ParameterPath(["000_dense", "weight"])]
  private let name = "events.out.tfevents.0.metarate"

  /// The values of RFC 3720, B.4, and the check value of the catalogs of checksums.
  @Test(
    arguments: [
      (Array("123456789".utf8), 0xE306_9283), ([], 0),
      ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
      ((0..<32).map { UInt8($0) }, 0x46DD_794E),
      ((0..<32).reversed().map { UInt8($0) }, 0x113F_DB5C),
    ] as [([UInt8], UInt32)])
  func publishedChecksums(bytes: [UInt8], checksum: UInt32) {
    #expect(CRC32C.checksum(of: bytes) == checksum)
  }

  /// Records as TensorBoard 2.21.0 makes them of its own messages.
  @Test func recordsAreTensorBoards() {
    #expect(
      hex(TensorBoardEvent(beginningAt: 1_700_000_000.5).record)
        == "1800000000000000a37f4b22"
        + "0900002040fc54d9411a0d627261696e2e4576656e743a32" + "2b353110")
    let event = TensorBoardEvent(
      step: 300, at: 1_700_000_012.75,
      scalars: [("objective", 0.1), ("rates/000_dense/weight/median", 0)])
    #expect(
      hex(event.record)
        == "46000000000000007235b9a5"
        + "0900003043fc54d94110ac022a380a100a096f626a65637469766515cdcccc3d"
        + "0a240a1d72617465732f3030305f64656e73652f7765696768742f6d656469616e1500000000"
        + "cc6a18d9")
  }

  /// Row by row what the table has, and rates; a row without a line has no event.
  @Test(arguments: [nil, 0.5])
  func eventsAreTheRowsOfTheTable(start: Double?) throws {
    let folder = try TestFolder()
    let before = Date().timeIntervalSince1970
    var history = try RunHistory(beginning: files(folder), paths: paths)
    add(0...3, to: &history, start: start)
    try history.save(isLast: false)
    add(4...6, to: &history)
    try history.save(isLast: true)
    let table = String(decoding: try folder.bytes(of: "metrics.csv"), as: UTF8.self)
      .split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let (begun, events) = try events(folder)
    #expect(begun >= before && begun <= Date().timeIntervalSince1970)
    #expect(events.count == table.count - 1 && events.count == (start == nil ? 6 : 7))
    for (line, event) in zip(table.dropFirst(), events) {
      #expect(event.step == Int(line[0]))
      #expect(event.time == begun + Double(event.step))
      var expected: [String: Float] = [:]
      for (name, text) in zip(table[0], line).dropFirst() where !text.isEmpty && text != "nan" {
        expected[String(name)] = Float(try #require(Double(text)))
      }
      let rates = ["quantile_05", "quantile_25", "median", "quantile_75", "quantile_95"]
      for (level, quantile) in zip(rates, statistics(event.step).quantiles) {
        expected["rates/000_dense/weight/\(level)"] = Float(quantile)
      }
      #expect(event.scalars == expected)
    }
    // A number that is no number has no scalar, whatever the table says.
    #expect(events.last?.scalars["objective"] == nil && events.last?.scalars["seconds"] == 6)
  }

  /// What is cut and continued has each row once, of whatever length the file was, and stays the
  /// file that a reader may have open.
  @Test(arguments: [0, 2, 5])
  func resumingWritesTheSameRecords(cut: Int) throws {
    let folder = try TestFolder()
    var history = try RunHistory(beginning: files(folder), paths: paths)
    add(0...6, to: &history)
    try history.save(isLast: false)
    let whole = try folder.bytes(of: name)
    let (_, expected) = try events(folder)
    let number = try fileNumber(folder)
    // Torn in its last record, or with remains of something longer behind it.
    for bytes in [Array(whole.dropLast(9)), whole + whole.reversed()] {
      let handle = try FileHandle(forWritingTo: URL(filePath: "\(folder.path)/\(name)"))
      try handle.truncate(atOffset: 0)
      try handle.write(contentsOf: bytes)
      let before = Date().timeIntervalSince1970
      (history, _) = try RunHistory.resuming(files(folder), paths: paths, after: cut)
      let (begun, kept) = try events(folder)
      #expect(kept.map(\.step) == Array(1..<cut + 1))
      // The next row's time is that at which it is recorded.
      #expect(begun + Double(cut) >= before)
      #expect(begun + Double(cut) <= Date().timeIntervalSince1970)
      #expect(
        try folder.bytes(of: name)
          == TensorBoardFile(path: "", start: begun).records(history.trajectory))
      add(cut + 1...6, to: &history)
      try history.save(isLast: false)
      let (_, found) = try events(folder)
      #expect(found.map(\.step) == expected.map(\.step))
      #expect(found.map(\.scalars) == expected.map(\.scalars))
      #expect(try folder.bytes(of: name).count == whole.count)
    }
    #expect(try fileNumber(folder) == number)
  }

  /// Nothing is written that nobody asked for; what cannot be written is an error, as of the table.
  @Test func failuresAreThoseOfTheTable() throws {
    let folder = try TestFolder()
    _ = try RunHistory(
      beginning: RunHistory.Files(
        trajectory: "\(folder.path)/trajectory.h5", metrics: "\(folder.path)/metrics.csv",
        journal: "\(folder.path)/history.journal"), paths: paths)
    #expect(folder.names == ["metrics.csv"])
    var history = try RunHistory(beginning: files(folder), paths: paths)
    add(0...2, to: &history)
    for name in [name, "metrics.csv"] {
      let bytes = try folder.bytes(of: name)
      try folder.remove(name)
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/\(name)", withIntermediateDirectories: false)
      var copy = history
      #expect(throws: CheckpointError.self) { try copy.save(isLast: false) }
      #expect(throws: CheckpointError.self) {
        try RunHistory(beginning: files(folder), paths: paths)
      }
      try folder.remove(name)
      try folder.put(bytes, as: name)
    }
  }

  // MARK: Histories

  private func files(_ folder: TestFolder) -> RunHistory.Files {
    RunHistory.Files(
      trajectory: "\(folder.path)/trajectory.h5", metrics: "\(folder.path)/metrics.csv",
      journal: "\(folder.path)/history.journal", events: "\(folder.path)/\(name)")
  }

  private func rates(_ step: Int) -> Tensor { Tensor([0.1, 0.2 + Double(step), 3]) }

  private func statistics(_ step: Int) -> RateStatistics {
    RateStatistics(rates(step).doubles, parameterization: .direct, typical: 0.1)
  }

  /// - Parameter start: the validation before the first step.
  private func add(
    _ steps: ClosedRange<Int>, to history: inout RunHistory, start: Double? = nil
  ) {
    for step in steps {
      let diagnostics = Diagnostics(
        adjointSteps: [0, 4], adjointNorms: [1, 2], sharpness: .infinity, stabilityEdge: nil,
        fractionMoved: 0.25, fractionNegative: 0.5, fractionAtBound: 0,
        isHypergradientZero: [false])
      history.append(
        Trajectory.Row(
          step: step, objective: step == 6 ? .nan : 1 / Double(step), hypergradientNorm: 2,
          validation: step == 0 ? start : step % 3 == 0 ? 0.5 : nil, seconds: Double(step),
          statistics: [statistics(step)], diagnostics: step == 3 ? diagnostics : nil,
          averageValidation: step == 4 ? 0.25 : nil, signal: step > 4 ? [0.5, 0.25] : []),
        rates: [rates(step)])
    }
  }

  private func fileNumber(_ folder: TestFolder) throws -> UInt64? {
    try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(name)")[.systemFileNumber]
      as? UInt64
  }

  // MARK: Reading

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
  }

  private struct Event {
    var step = 0
    var time = 0.0
    var scalars: [String: Float] = [:]
  }

  /// The time of the first event, and those behind it. Framing is checked by the records that the
  /// payloads would have.
  private func events(_ folder: TestFolder) throws -> (begun: Double, events: [Event]) {
    var rest = try folder.bytes(of: name)[...]
    var events: [Event] = []
    while !rest.isEmpty {
      try #require(rest.count >= 16)
      let length = Int(number(rest.prefix(8)))
      let payload = Array(rest.dropFirst(12).prefix(length))
      #expect(Array(rest.prefix(length + 16)) == TFRecord.record(payload))
      rest = rest.dropFirst(length + 16)
      events.append(event(payload))
    }
    let first = try #require(events.first)
    return (first.time, Array(events.dropFirst()))
  }

  private func event(_ message: [UInt8]) -> Event {
    var event = Event()
    for (field, value) in fields(message) {
      switch field {
      case 1: event.time = Double(bitPattern: number(value))
      case 2: event.step = Int(number(value))
      case 5:
        for (_, scalar) in fields(Array(value)) {
          let parts = Dictionary(uniqueKeysWithValues: fields(Array(scalar)))
          event.scalars[String(decoding: parts[1] ?? [], as: UTF8.self)] = Float(
            bitPattern: UInt32(number(parts[2] ?? [])))
        }
      default: break
      }
    }
    return event
  }

  private func fields(_ message: [UInt8]) -> [(field: Int, value: ArraySlice<UInt8>)] {
    var rest = message[...]
    func varint() -> Int {
      var (value, shift) = (0, 0)
      while let byte = rest.popFirst() {
        value |= Int(byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 { break }
      }
      return value
    }
    var fields: [(field: Int, value: ArraySlice<UInt8>)] = []
    while !rest.isEmpty {
      let key = varint()
      if key & 7 == 0 {
        let integer = UInt64(varint())
        fields.append((key >> 3, withUnsafeBytes(of: integer.littleEndian) { Array($0)[...] }))
        continue
      }
      let length = key & 7 == 1 ? 8 : key & 7 == 5 ? 4 : varint()
      fields.append((key >> 3, rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    return fields
  }

  private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
