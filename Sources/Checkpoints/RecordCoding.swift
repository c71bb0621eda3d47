import MetaLearning
import TensorPrograms

/// Numbers as little-endian bytes, one after another.
struct RecordWriter {
  private(set) var bytes: [UInt8] = []

  mutating func put(_ integer: Int) { put(bits: UInt64(bitPattern: Int64(integer))) }
  mutating func put(_ number: Double) { put(bits: number.bitPattern) }
  mutating func put(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

  mutating func put(_ numbers: [Double]) {
    put(numbers.count)
    for number in numbers { put(number) }
  }

  mutating func put(_ number: Double?) {
    put(number != nil)
    if let number { put(number) }
  }

  private mutating func put(bits: UInt64) {
    withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
  }
}

/// Reads what `RecordWriter` wrote; nil wherever bytes are missing or say something impossible.
struct RecordReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Whether everything has been read.
  var isAtEnd: Bool { rest.isEmpty }

  mutating func integer() -> Int? { bits().flatMap { Int(exactly: Int64(bitPattern: $0)) } }
  mutating func double() -> Double? { bits().map { Double(bitPattern: $0) } }

  mutating func flag() -> Bool? {
    guard let byte = rest.popFirst(), byte < 2 else { return nil }
    return byte == 1
  }

  /// A count of things of at least so many bytes each, of which the record has room for all.
  mutating func count(of size: Int) -> Int? {
    guard let count = integer(), count >= 0, count <= rest.count / max(1, size) else { return nil }
    return count
  }

  mutating func doubles() -> [Double]? {
    guard let count = count(of: 8) else { return nil }
    return (0..<count).compactMap { _ in double() }
  }

  /// A number that may be absent: the outer nil is damage.
  mutating func optionalDouble() -> Double?? {
    guard let isThere = flag() else { return nil }
    guard isThere else { return .some(nil) }
    return double().map { .some($0) }
  }

  private mutating func bits() -> UInt64? {
    guard rest.count >= 8 else { return nil }
    let bits = rest.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    rest = rest.dropFirst(8)
    return bits
  }
}

extension RecordWriter {
  /// One outer step, and the rates at it where they are kept.
  init(_ row: Trajectory.Row, rates: [Tensor]?) {
    put(row.step)
    put(row.objective)
    put(row.hypergradientNorm)
    put(row.validation)
    put(row.seconds)
    put(row.statistics.count)
    for statistics in row.statistics {
      put(statistics.quantiles)
      put(statistics.fractionNegative)
      put(statistics.fractionAtBound)
    }
    put(row.diagnostics != nil)
    if let diagnostics = row.diagnostics { put(diagnostics) }
    put(rates != nil)
    for tensor in rates ?? [] {
      put(tensor.scalarType == .float32)
      put(tensor.shape.extents.map(Double.init))
      put(tensor.doubles)
    }
    // Records of earlier versions end here.
    let exchange = row.diagnostics?.exchange
    let skipped = row.skippedRuns
    guard
      row.averageValidation != nil || !row.signal.isEmpty || exchange != nil || skipped != nil
    else { return }
    put(row.averageValidation)
    put(row.signal)
    guard exchange != nil || skipped != nil else { return }
    put(exchange.map { [$0.share, $0.exchangedShare, $0.pValue] } ?? [])
    if let skipped { put(skipped) }
  }

  private mutating func put(_ diagnostics: Diagnostics) {
    put(diagnostics.adjointSteps.map(Double.init))
    put(diagnostics.adjointNorms)
    put(diagnostics.sharpness)
    put(diagnostics.stabilityEdge)
    put(diagnostics.fractionMoved)
    put(diagnostics.fractionNegative)
    put(diagnostics.fractionAtBound)
    put(diagnostics.isHypergradientZero.map { $0 ? 1.0 : 0 })
  }
}

extension RecordReader {
  /// The outer step of a record over so many tensors; nil for anything else.
  mutating func row(tensors: Int) -> (row: Trajectory.Row, rates: [Tensor]?)? {
    guard let step = integer(), step >= 0, let objective = double(), let norm = double(),
      let validation = optionalDouble(), let seconds = double(), count(of: 24) == tensors
    else { return nil }
    var statistics: [RateStatistics] = []
    for _ in 0..<tensors {
      guard let quantiles = doubles(), quantiles.count == RateStatistics.levels.count,
        let negative = double(), let bound = double()
      else { return nil }
      statistics.append(
        RateStatistics(quantiles: quantiles, fractionNegative: negative, fractionAtBound: bound))
    }
    guard let isDiagnosed = flag() else { return nil }
    var diagnosed: Diagnostics?
    if isDiagnosed {
      guard let found = diagnostics() else { return nil }
      diagnosed = found
    }
    guard let hasRates = flag() else { return nil }
    var rates: [Tensor]?
    if hasRates {
      var found: [Tensor] = []
      for _ in 0..<tensors {
        guard let tensor = tensor() else { return nil }
        found.append(tensor)
      }
      rates = found
    }
    var (average, signal, skipped): (Double?, [Double], Int?) = (nil, [], nil)
    if !isAtEnd {
      guard let found = optionalDouble(), let factors = doubles() else { return nil }
      (average, signal) = (found, factors)
      if !isAtEnd {
        guard let numbers = doubles(), [0, 3].contains(numbers.count) else { return nil }
        if !numbers.isEmpty {
          diagnosed?.exchange = ExchangeTest(
            share: numbers[0], exchangedShare: numbers[1], pValue: numbers[2])
        }
        if !isAtEnd {
          guard let count = integer() else { return nil }
          skipped = count
        }
      }
    }
    guard isAtEnd else { return nil }
    let row = Trajectory.Row(
      step: step, objective: objective, hypergradientNorm: norm, validation: validation,
      seconds: seconds, statistics: statistics, diagnostics: diagnosed,
      averageValidation: average, signal: signal, skippedRuns: skipped)
    return (row, rates)
  }

  private mutating func diagnostics() -> Diagnostics? {
    guard let steps = doubles(), let norms = doubles(), let sharpness = double(),
      let edge = optionalDouble(), let moved = double(), let negative = double(),
      let bound = double(), let zeros = doubles()
    else { return nil }
    return Diagnostics(
      adjointSteps: steps.compactMap { Int(exactly: $0) }, adjointNorms: norms,
      sharpness: sharpness, stabilityEdge: edge, fractionMoved: moved, fractionNegative: negative,
      fractionAtBound: bound, isHypergradientZero: zeros.map { $0 == 1 })
  }

  private mutating func tensor() -> Tensor? {
    guard let isSingle = flag(), let extents = doubles(), let values = doubles() else { return nil }
    let shape = extents.compactMap { Int(exactly: $0) }
    guard shape.count == extents.count, shape.allSatisfy({ $0 >= 0 }),
      shape.reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue }) == values.count
    else { return nil }
    return Tensor(values, TensorType(Shape(shape), isSingle ? .float32 : .float64))
  }
}
