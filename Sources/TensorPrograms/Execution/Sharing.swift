import Foundation

/// When workers share the large kernels of a run; results have the same bits whenever they do.
public enum Sharing: String, Sendable, CaseIterable {
  /// Wherever there is enough to share; loops of short steps try whether that pays.
  case tried
  /// Wherever there is enough to share.
  case always
  /// Nowhere: workers take whole tasks only.
  case never

  /// That of this process: `METARATE_SHARING`, or tried.
  static let chosen: Sharing =
    ProcessInfo.processInfo.environment["METARATE_SHARING"].flatMap(Sharing.init) ?? .tried
}
