import Dispatch
import Synchronization

/// The digest of bytes, computed on another thread while whoever asked for it does something else.
///
/// It ends when the computation has: a process that exited on an error meanwhile would take libcrypto
/// away from under it.
struct PendingDigest: ~Copyable {
  private let work = DispatchGroup()
  private let result = Result()

  private final class Result: Sendable {
    let digest = Mutex<SHA256Digest?>(nil)
  }

  /// Begins to compute.
  init(of bytes: [UInt8]) {
    DispatchQueue.global().async(group: work) { [result] in
      result.digest.withLock { $0 = SHA256.digest(of: bytes) }
    }
  }

  deinit { work.wait() }

  /// The digest, once it is there.
  var digest: SHA256Digest {
    work.wait()
    guard let digest = result.digest.withLock(\.self) else {
      preconditionFailure("work that was waited for has left nothing")
    }
    return digest
  }
}
