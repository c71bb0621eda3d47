import CHDF5
import Synchronization

/// The HDF5 library behind one lock, with its errors as Swift values.
package enum HDF5Library {
  /// The number of the last call: it makes the names of in-memory files unique.
  private static let calls = Mutex(0)

  /// Runs `body` while no other thread is inside the library.
  ///
  /// `body` receives a name for a file in memory. The library takes two open files of the same
  /// name for one file, and refuses an image whose name exists on disk; hence a number in the name,
  /// and a folder that cannot exist.
  static func exclusively<Value: Sendable>(
    _ body: (_ imageName: String) throws(HDF5Error) -> Value
  ) throws(HDF5Error) -> Value {
    try calls.withLock { (number) throws(HDF5Error) -> Value in
      // The error stack belongs to the calling thread, so its printing is silenced at each entry.
      H5Eset_auto2(0, nil, nil)
      H5PLset_loading_state(0)
      number += 1
      return try body("/dev/null/metarate-image-\(number)")
    }
  }

  /// The result of a library call, or its error stack as an error if it is negative.
  @discardableResult
  static func check<Result: SignedInteger>(
    _ result: Result, _ action: String, at path: String
  ) throws(HDF5Error) -> Result {
    guard result < 0 else { return result }
    throw HDF5Error(.library, action, at: path, found: errorStack())
  }

  /// Files, groups, datasets, named types and attributes that are open: none between calls.
  package static func openObjects() throws(HDF5Error) -> Int {
    try exclusively { _ throws(HDF5Error) in
      try check(chdf5_open_objects(), "count what is open in", at: "/")
    }
  }

  private final class Messages { var lines: [String] = [] }

  /// The outermost and the innermost message: what the call could not do, and why.
  private static func errorStack() -> String {
    let messages = Messages()
    H5Ewalk2(
      0, H5E_WALK_DOWNWARD,
      { _, entry, context in
        if let text = entry?.pointee.desc, let context {
          Unmanaged<Messages>.fromOpaque(context).takeUnretainedValue()
            .lines.append(String(cString: text))
        }
        return 0
      }, Unmanaged.passUnretained(messages).toOpaque())
    guard let first = messages.lines.first, let last = messages.lines.last else {
      return "an HDF5 failure without a message"
    }
    return "an HDF5 failure: " + (messages.lines.count > 1 ? "\(first): \(last)" : first)
  }
}
