/// A value that a plan's kernels point to: reading it copies nothing and counts no references, over
/// which workers that run the same plan would fight.
///
/// `@unchecked Sendable`: written when it is kept and only read afterwards.
@dynamicMemberLookup
package struct Kept<Value>: @unchecked Sendable {
  let pointer: UnsafePointer<Value>

  /// The value, copied.
  var value: Value { pointer.pointee }

  /// What the value has.
  package subscript<Member>(dynamicMember member: KeyPath<Value, Member>) -> Member {
    pointer.pointee[keyPath: member]
  }
}

/// The memory behind a plan's kernels, there as long as the plan.
///
/// `@unchecked Sendable`: filled while a plan is made and only read afterwards.
final class KernelMemory: @unchecked Sendable {
  private var releases: [() -> Void] = []

  /// Writes a value down.
  func keep<Value>(_ value: Value) -> Kept<Value> { Kept(pointer: keep(elements: [value])) }

  /// Writes an array's elements down.
  func keep<Element>(elements: [Element]) -> UnsafePointer<Element> {
    let pointer = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
    pointer.initialize(from: elements, count: elements.count)
    releases.append { [count = elements.count] in
      pointer.deinitialize(count: count)
      pointer.deallocate()
    }
    return UnsafePointer(pointer)
  }

  deinit { for release in releases { release() } }
}
