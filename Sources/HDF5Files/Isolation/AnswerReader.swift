import Files

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads what `AnswerWriter` wrote. What it comes from may have been led astray by the file: every
/// count is held against a limit before anything is made of it.
struct AnswerReader {
  /// Why there is no answer.
  enum Failure: Error {
    /// It broke off, or is none.
    case broken
    /// Whoever should answer neither does nor computes.
    case standsStill
  }

  private let descriptor: Int32
  private let limits: HDF5Limits
  private var budget: ByteBudget
  /// What was received and not used yet, from `position`.
  private var buffer: [UInt8] = []
  private var position = 0
  private static let bufferSize = 1 << 16
  /// Longer than any text that the library gives.
  private static let longestText = 1 << 21
  /// Seconds without a byte and without a moment of processor time.
  private static let patience: Int32 = 10
  private let process: pid_t

  /// Reads from a pipe what a process answers.
  init(_ descriptor: Int32, of process: pid_t, limits: HDF5Limits, fileBytes: Int) {
    (self.descriptor, self.process, self.limits) = (descriptor, process, limits)
    budget = ByteBudget(limits.sizes, fileBytes: fileBytes)
  }

  mutating func answer() throws(Failure) -> Result<DecodedFile, HDF5Error> {
    switch try number() {
    case 0: return .failure(try error())
    case 1:
      var file = DecodedFile(tree: try tree())
      for _ in 0..<(try count(limit: limits.objects)) { file.passedOver.append(try error()) }
      return .success(file)
    default: throw .broken
    }
  }

  private mutating func tree() throws(Failure) -> HDF5Tree {
    var tree = HDF5Tree()
    for _ in 0..<(try count(limit: limits.objects + 1)) {
      let path = try path()
      tree[group: path] = HDF5Group(attributes: try attributes())
    }
    for _ in 0..<(try count(limit: limits.objects)) {
      let path = try path()
      tree[path] = try dataset()
    }
    return tree
  }

  private mutating func dataset() throws(Failure) -> HDF5Dataset {
    guard let type = HDF5ScalarType(rawValue: try text()) else { throw .broken }
    var shape: [Int] = []
    for _ in 0..<(try count(limit: 32)) { shape.append(try count(limit: .max)) }
    let isExtendable = try number() == 1
    var names: [String] = []
    for _ in 0..<(try count(limit: 32)) { names.append(try text()) }
    let attributes = try attributes()
    let size = try count(limit: budget.remaining)
    guard (try? budget.bytes(shape, of: type.byteCount, at: "/")) == size else { throw .broken }
    budget.spend(size)
    return HDF5Dataset(
      type: type, shape: shape, bytes: try bytes(size), attributes: attributes, dimensions: names,
      isExtendable: isExtendable)
  }

  private mutating func attributes() throws(Failure) -> [String: HDF5Attribute] {
    var attributes: [String: HDF5Attribute] = [:]
    for _ in 0..<(try count(limit: limits.attributes)) {
      let name = try text()
      switch try number() {
      case 0: attributes[name] = .string(try text())
      case 1: attributes[name] = .integer(Int64(try number()))
      case 2:
        attributes[name] = .double(Double(bitPattern: UInt64(truncatingIfNeeded: try number())))
      default: throw .broken
      }
    }
    return attributes
  }

  private mutating func error() throws(Failure) -> HDF5Error {
    guard let kind = HDF5Error.Kind(rawValue: try text()) else { throw .broken }
    let (action, path, found) = (try text(), try text(), try text())
    return HDF5Error(kind, action, at: path, found: found, expected: try text())
  }

  /// A path such as trees have.
  private mutating func path() throws(Failure) -> String {
    let path = try text()
    guard path.utf8.first == UInt8(ascii: "/") else { throw .broken }
    return path
  }

  private mutating func text() throws(Failure) -> String {
    guard
      let text = String(
        validating: try bytes(try count(limit: Self.longestText)), as: UTF8.self)
    else { throw .broken }
    return text
  }

  private mutating func count(limit: Int) throws(Failure) -> Int {
    let number = try number()
    guard (0...max(0, limit)).contains(number) else { throw .broken }
    return number
  }

  private mutating func number() throws(Failure) -> Int {
    Int(truncatingIfNeeded: try bytes(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  private mutating func bytes(_ count: Int) throws(Failure) -> [UInt8] {
    if buffer.count - position < count, count <= Self.bufferSize {
      buffer.removeFirst(position)
      position = 0
      while buffer.count < count { buffer += try received(atMost: Self.bufferSize) }
    }
    let there = min(count, buffer.count - position)
    var result = Array(buffer[position..<position + there])
    position += there
    while result.count < count {
      // Grows with what arrives: a count alone takes no memory.
      result += try received(atMost: min(count - result.count, 1 << 20))
    }
    return result
  }

  private func received(atMost most: Int) throws(Failure) -> [UInt8] {
    try awaitBytes()
    let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      var received = -1
      repeat {
        received = read(descriptor, buffer.baseAddress, most)
      } while received < 0 && errno == EINTR
      count = max(0, received)
    }
    guard !bytes.isEmpty else { throw .broken }
    return bytes
  }

  private func awaitBytes() throws(Failure) {
    var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    var earlier = processorTime
    while uninterrupted(poll(&wait, 1, Self.patience * 1000)) == 0 {
      let now = processorTime
      if now == earlier { throw .standsStill }
      earlier = now
    }
  }

  /// Nanoseconds that the process has computed.
  private var processorTime: Int? {
    var (clock, time) = (clockid_t(), timespec())
    guard clock_getcpuclockid(process, &clock) == 0, clock_gettime(clock, &time) == 0 else {
      return nil
    }
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
