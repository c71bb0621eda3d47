import Dispatch
import Synchronization

/// The digest of bytes, computed on another thread while whoever asked for it does something else.
struct PendingDigest: ~Copyable {
  private let work: DispatchWorkItem
  private let result: Result

  private final class Result: Sendable {
    let digest = Mutex<SHA256Digest?>(nil)
  }

  /// Begins to compute.
  init(of bytes: [UInt8]) {
    let result = Result()
    self.result = result
    work = DispatchWorkItem { result.digest.withLock { $0 = SHA256.digest(of: bytes) } }
    DispatchQueue.global().async(execute: work)
  }

  /// The digest, once it is there.
  var digest: SHA256Digest {
    work.wait()
    guard let digest = result.digest.withLock(\.self) else {
      preconditionFailure("work that was waited for has left nothing")
    }
    return digest
  }
}
