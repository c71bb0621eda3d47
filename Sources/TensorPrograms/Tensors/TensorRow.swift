import Foundation

/// A row of each of several tensors with a first axis over rows, written tensor by tensor and
/// straight to where it belongs.
///
/// The first row says how many tensors there are, and of which types. The others begin where that
/// is written, and may be written by any threads at the same time.
package struct TensorRow: Sendable {
  private let count: Int
  private let index: Int
  /// Whether this row says what the others are like.
  private let isFirst: Bool
  private var stacks: [Stack] = []
  private var position = 0

  /// One of the tensors.
  private struct Stack {
    /// An axis in front of those of `type`; nil for none.
    let leading: Int?
    let type: TensorType
    /// Bytes of a row.
    let byteCount: Int
    let buffer: Buffer

    init(leading: Int?, _ type: TensorType, count: Int) {
      self.leading = leading
      self.type = type
      byteCount = type.byteCount * (leading ?? 1)
      buffer = Buffer(uninitialized: count * byteCount)
    }

    var rowType: TensorType { type.behind(leading) }
  }

  /// The first of so many rows.
  package init(firstOf count: Int) {
    require(count > 0, "at least one row is written")
    self.count = count
    (index, isFirst) = (0, true)
  }

  private init(_ index: Int, of count: Int, _ stacks: [Stack]) {
    self.count = count
    self.stacks = stacks
    (self.index, isFirst) = (index, false)
  }

  /// Another row of the same tensors, to be asked of the first once that is written.
  package func row(_ index: Int) -> TensorRow { TensorRow(index, of: count, stacks) }

  /// The first row of other tensors of the same types, which need not be written before the others.
  package var anew: TensorRow {
    TensorRow(0, of: count, stacks.map { Stack(leading: $0.leading, $0.type, count: count) })
  }

  /// The tensors, once all rows are written.
  package var tensors: [Tensor] {
    stacks.map { Tensor(buffer: $0.buffer, type: $0.rowType.prepending(count)) }
  }

  /// Writes the elements of a tensor.
  package mutating func append(_ tensor: Tensor) {
    let elements = tensor.buffer
    withExtendedLifetime(elements) {
      next(leading: nil, tensor.type).copyMemory(
        from: elements.pointer, byteCount: elements.byteCount)
    }
  }

  /// Writes elements that a function gives, in order.
  ///
  /// - Parameters:
  ///   - leading: an axis in front of the type's; nil for none.
  ///   - type: the type behind that axis.
  ///   - isRepeated: whether the elements of `type` are the same all along the leading axis, so
  ///     that they are asked for once.
  ///   - element: an element by its position.
  package mutating func append(
    leading: Int?, _ type: TensorType, isRepeated: Bool, _ element: (Int) -> Double
  ) {
    let place = next(leading: leading, type)
    let (count, times) = (type.shape.count, leading ?? 1)
    guard isRepeated, times > 1 else {
      Buffer.write(to: place, count: count * times, as: type.scalar, element)
      return
    }
    Buffer.write(to: place, count: count, as: type.scalar, element)
    let byteCount = count * type.scalar.byteCount
    for time in 1..<times {
      (place + time * byteCount).copyMemory(from: place, byteCount: byteCount)
    }
  }

  /// Says that this row is complete.
  package func finish() {
    require(
      position == stacks.count,
      "row \(index) has \(position) tensors, the first has \(stacks.count)")
  }

  /// Where the row of the next tensor is.
  private mutating func next(leading: Int?, _ type: TensorType) -> UnsafeMutableRawPointer {
    if isFirst {
      stacks.append(Stack(leading: leading, type, count: count))
    } else {
      require(
        position < stacks.count,
        "row \(index) has more than \(stacks.count) tensors, as many as the first has")
    }
    require(
      stacks[position].leading == leading && stacks[position].type == type
        || stacks[position].rowType == type.behind(leading),
      "tensor \(position) of row \(index) is \(type.behind(leading)), of the first row "
        + "\(stacks[position].rowType)")
    defer { position += 1 }
    return stacks[position].buffer.pointer + index * stacks[position].byteCount
  }
}

extension TensorType {
  /// The type behind one more axis, if there is one.
  fileprivate func behind(_ leading: Int?) -> TensorType {
    leading.map { prepending($0) } ?? self
  }
}
