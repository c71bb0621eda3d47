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
    stack(count: count, make, beside: {}).stack
  }

  /// The same beside other work, which the calling thread does before it joins in.
  public static func stack<Result>(
    count: Int, _ make: @Sendable (Int) -> Self, beside work: () -> Result
  ) -> (stack: Self, result: Result) {
    require(count > 0, "a stack is of one structure at least")
    let first = make(0)
    let stacks = first.tensors.map { StackedRows(of: $0.type, count: count) }
    func write(_ structure: Self, _ index: Int) {
      var position = 0
      var copy = structure
      copy.visit(.reading) { _, tensor in
        require(position < stacks.count, "structure \(index) of a stack has too many tensors")
        stacks[position].write(tensor, at: index)
        position += 1
      }
      require(position == stacks.count, "structure \(index) of a stack has too few tensors")
    }
    write(first, 0)
    let next = Atomic<Int>(1)
    var result: Result?
    let pool = Execution.current.pool
    pool.run(min(pool.workers, count)) { worker in
      if worker == 0 { result = work() }
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        if index >= count { return }
        write(make(index), index)
      }
    }
    return (first.filled(from: TensorSource(stacks.map(\.tensor))), result!)
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
    let row = tensor.buffer
    withExtendedLifetime(row) {
      _ = memcpy(buffer.pointer + index * type.byteCount, row.pointer, type.byteCount)
    }
  }

  /// All rows, once they are written.
  var tensor: Tensor { Tensor(buffer: buffer, type: type.prepending(count)) }
}
