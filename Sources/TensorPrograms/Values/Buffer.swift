import Foundation

/// The elements of one tensor: contiguous, row-major, aligned to a cache line.
///
/// `@unchecked Sendable`: a buffer is written only by whoever made it, before anyone else can see
/// it, and never changes afterwards.
package final class Buffer: @unchecked Sendable {
  /// Alignment of every buffer and of every value in an arena: one cache line.
  package static let alignment = 64

  /// The bytes with what is left of their last cache line.
  static func aligned(_ byteCount: Int) -> Int { (byteCount + alignment - 1) & -alignment }

  package let pointer: UnsafeMutableRawPointer
  package let byteCount: Int
  /// What is given back in the end; nil for a part of another buffer.
  private let allocation: UnsafeMutableRawPointer?
  /// Whose memory this is a part of; nil for memory of its own.
  private let owner: Buffer?

  /// A buffer of unspecified contents.
  package init(uninitialized byteCount: Int) {
    self.byteCount = byteCount
    owner = nil
    MemoryAllowance.take(byteCount)
    // With room to align it here: an allocator takes several times as long for aligned memory.
    let allocation = UnsafeMutableRawPointer.allocate(
      byteCount: byteCount + Buffer.alignment, alignment: MemoryLayout<Int>.alignment)
    self.allocation = allocation
    pointer = allocation.alignedUp(toMultipleOf: Buffer.alignment)
  }

  /// A part of another buffer, which stays for as long as any of its parts does.
  private init(_ owner: Buffer, from offset: Int, byteCount: Int) {
    self.byteCount = byteCount
    self.owner = owner
    allocation = nil
    pointer = owner.pointer + offset
  }

  /// Several buffers together take at most so many bytes of one allocation, so that one that is
  /// kept does not keep much besides.
  private static let largestShared = 1 << 18

  /// Makes buffers of unspecified contents, small ones in one allocation, and hands them out by
  /// their position.
  static func makeUninitialized(_ byteCounts: [Int], _ take: (Int, Buffer) -> Void) {
    var whole: Buffer?
    if byteCounts.count > 1 {
      let total = byteCounts.reduce(0) { $0 + aligned($1) }
      if total <= largestShared { whole = Buffer(uninitialized: total) }
    }
    var offset = 0
    for (position, byteCount) in byteCounts.enumerated() {
      take(
        position,
        whole.map { Buffer($0, from: offset, byteCount: byteCount) }
          ?? Buffer(uninitialized: byteCount))
      offset += aligned(byteCount)
    }
  }

  /// A buffer of zero bytes.
  package convenience init(zeros byteCount: Int) {
    self.init(uninitialized: byteCount)
    memset(pointer, 0, byteCount)
  }

  /// A copy of an array.
  package convenience init<Scalar: TensorScalar>(_ elements: [Scalar]) {
    self.init(uninitialized: elements.count * MemoryLayout<Scalar>.stride)
    elements.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { memcpy(pointer, base, bytes.count) }
    }
  }

  deinit {
    guard let allocation else { return }
    allocation.deallocate()
    MemoryAllowance.giveBack(byteCount)
  }

  /// The elements as an array.
  package func array<Scalar: TensorScalar>(of type: Scalar.Type) -> [Scalar] {
    let count = byteCount / MemoryLayout<Scalar>.stride
    return [Scalar](unsafeUninitializedCapacity: count) { destination, initialized in
      if let base = destination.baseAddress { memcpy(base, pointer, byteCount) }
      initialized = count
    }
  }

  /// Lends the elements.
  package func withElements<Scalar: TensorScalar, Result>(
    of type: Scalar.Type, _ body: (UnsafeBufferPointer<Scalar>) -> Result
  ) -> Result {
    let elements = UnsafeRawBufferPointer(start: pointer, count: byteCount)
    return withExtendedLifetime(self) { body(elements.bindMemory(to: type)) }
  }

  /// The elements as doubles, whatever their type.
  package func doubles(_ scalar: ScalarType) -> [Double] {
    switch scalar {
    case .float32: array(of: Float.self).map(Double.init)
    case .float64: array(of: Double.self)
    case .int32: array(of: Int32.self).map(Double.init)
    }
  }

  /// The number that all elements are, if they are floating-point and alike.
  package func repeatedNumber(_ scalar: ScalarType) -> Double? {
    func first<Scalar: BinaryFloatingPoint>(_: Scalar.Type) -> Double? {
      let elements = UnsafeRawBufferPointer(start: pointer, count: byteCount)
        .bindMemory(to: Scalar.self)
      guard let first = elements.first, elements.allSatisfy({ $0 == first }) else { return nil }
      // Zeros are alike in all but their sign.
      return first == 0 && elements.contains { $0.sign == .minus } ? nil : Double(first)
    }
    switch scalar {
    case .float32: return first(Float.self)
    case .float64: return first(Double.self)
    case .int32: return nil
    }
  }

  /// A buffer of the given type with the same number everywhere, rounded to it.
  package static func repeating(_ value: Double, count: Int, as scalar: ScalarType) -> Buffer {
    holding(count: count, as: scalar) { _ in value }
  }

  /// A buffer of the given type that holds doubles, rounded to it.
  package static func holding(_ values: [Double], as scalar: ScalarType) -> Buffer {
    holding(count: values.count, as: scalar) { values[$0] }
  }

  /// A buffer of so many doubles by their position, asked for in order and rounded to a type.
  @inline(__always)
  static func holding(
    count: Int, as scalar: ScalarType, _ value: (Int) -> Double
  ) -> Buffer {
    let buffer = Buffer(uninitialized: count * scalar.byteCount)
    write(to: buffer.pointer, count: count, as: scalar, value)
    return buffer
  }

  /// Writes so many doubles by their position, asked for in order and rounded to a type.
  @inline(__always)
  static func write(
    to pointer: UnsafeMutableRawPointer, count: Int, as scalar: ScalarType,
    _ value: (Int) -> Double
  ) {
    func fill<Scalar>(_ convert: (Double) -> Scalar) {
      let elements = pointer.bindMemory(to: Scalar.self, capacity: count)
      for position in 0..<count { elements[position] = convert(value(position)) }
    }
    switch scalar {
    case .float32: fill { Float($0) }
    case .float64: fill { $0 }
    case .int32: fill { Int32($0) }
    }
  }
}

extension Buffer: Hashable {
  /// Buffers are compared by identity: equal programs share their constants.
  package static func == (left: Buffer, right: Buffer) -> Bool { left === right }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
