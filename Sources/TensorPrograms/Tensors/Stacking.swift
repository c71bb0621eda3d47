import Foundation
import Synchronization

extension ParameterStructure {
  /// Structures of one kind whose tensors have a new first axis over them, made one by one and
  /// written straight to where they belong.
  ///
  /// Workers share the making: `make` is called once for every index, in any order, and must depend
  /// on nothing else.
  ///
  /// - Parameters:
  ///   - count: how many structures there are, at least one.
  ///   - make: the structure at an index, whose tensors have elements and the same types at every
  ///     index.
  public static func stack(count: Int, _ make: @Sendable (Int) -> Self) -> Self {
    require(count > 0, "a stack is of one structure at least")
    let first = make(0)
    let stacks = first.tensors.map { StackedRows(of: $0.type, count: count) }
    func write(_ structure: Self, _ index: Int) {
      let tensors = structure.tensors
      require(
        tensors.count == stacks.count,
        "structure \(index) of a stack has \(tensors.count) tensors, the first \(stacks.count)")
      for (stack, tensor) in zip(stacks, tensors) { stack.write(tensor, at: index) }
    }
    write(first, 0)
    let next = Atomic<Int>(1)
    let pool = Execution.current.pool
    pool.run(min(pool.workers, count - 1)) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        if index >= count { return }
        write(make(index), index)
      }
    }
    return first.filled(from: TensorSource(stacks.map(\.tensor)))
  }
}

/// A tensor that is written row by row, each row by one thread.
private struct StackedRows: Sendable {
  private let type: TensorType
  private let count: Int
  private let buffer: Buffer

  init(of type: TensorType, count: Int) {
    self.type = type
    self.count = count
    buffer = Buffer(uninitialized: count * type.byteCount)
  }

  func write(_ tensor: Tensor, at index: Int) {
    require(
      tensor.type == type,
      "structure \(index) of a stack has a tensor of \(tensor.type), the first of \(type)")
    memcpy(buffer.pointer + index * type.byteCount, tensor.buffer.pointer, type.byteCount)
  }

  /// All rows, once they are written.
  var tensor: Tensor { Tensor(buffer: buffer, type: type.prepending(count)) }
}
