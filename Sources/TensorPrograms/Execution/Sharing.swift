import Foundation

/// How workers share a run; results have the same bits whatever they do.
public enum Sharing: String, Sendable, CaseIterable {
  /// Large kernels, wherever there is enough to share; loops of short steps try whether that pays, or
  /// else a part of the next step meanwhile.
  case tried
  /// Large kernels, wherever there is enough to share.
  case always
  /// No kernels: one worker computes what of a loop's next step does not wait for this one.
  case ahead
  /// Nowhere: workers take whole tasks only.
  case never

  /// That of this process: `METARATE_SHARING`, or tried.
  static let chosen: Sharing =
    ProcessInfo.processInfo.environment["METARATE_SHARING"].flatMap(Sharing.init) ?? .tried
}
