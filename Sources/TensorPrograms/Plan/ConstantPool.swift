import Foundation

/// The constants of a plan in one buffer.
struct ConstantPool {
  private var places: [(offset: Int, constant: Constant, type: TensorType)] = []
  private var byteCount = 0

  /// The place of a constant, in bytes from the start.
  mutating func place(_ constant: Constant, _ type: TensorType) -> Int {
    let offset = byteCount
    places.append((offset, constant, type))
    byteCount +=
      (max(type.byteCount, 1) + Buffer.alignment - 1) / Buffer.alignment
      * Buffer.alignment
    return offset
  }

  /// The number at a location of the pool, where it is one.
  func splat(at location: Location, _ base: Int) -> Double? {
    guard location.base == base,
      let place = places.first(where: { $0.offset == location.offset }),
      case .splat(let value) = place.constant
    else { return nil }
    return value
  }

  /// The pool's contents.
  func buffer() -> Buffer {
    let buffer = Buffer(zeros: byteCount)
    for place in places {
      let source: Buffer
      switch place.constant {
      case .array(let array): source = array
      case .splat(let value):
        source = .holding(
          [Double](repeating: value, count: place.type.shape.count), as: place.type.scalar)
      }
      memcpy(buffer.pointer + place.offset, source.pointer, place.type.byteCount)
    }
    return buffer
  }
}
