import Foundation
import Settings
import TensorPrograms

/// Parameters whose paths match a pattern, and what is other with their rates: the first group that
/// matches a tensor is its own.
///
/// A group has numbers of its own, whatever granularity it has. It stands for what frameworks call
/// parameter groups; with all but some frozen, for fine-tuning of parts, such as biases alone
/// (Ben Zaken, Ravfogel and Goldberg, "BitFit", 2022).
public struct RateGroup: Sendable, Equatable {
  /// A glob over paths: `*/bias`, `000_*`; `*` stands for anything, slashes too.
  public var match: String
  /// Which of the group's parameters share a number of the base; nil for what the others do.
  public var granularity: Granularity?
  /// The rate that learning starts from; nil for `rates.initial`.
  public var rate: Double?
  /// What that is multiplied by.
  public var factor: Double
  /// Whether its rates are learned rather than kept.
  public var isLearned: Bool
  /// Whether its weights are trained rather than kept, with rates of 0.
  public var isTrained: Bool

  /// A group of parameters that are like all others unless said otherwise.
  public init(
    match: String, granularity: Granularity? = nil, rate: Double? = nil, factor: Double = 1,
    isLearned: Bool = true, isTrained: Bool = true
  ) {
    (self.match, self.granularity, self.rate, self.factor) = (match, granularity, rate, factor)
    (self.isLearned, self.isTrained) = (isLearned, isTrained)
  }

  /// Whether a tensor's path matches.
  func matches(_ path: ParameterPath) -> Bool { fnmatch(match, "\(path)", 0) == 0 }

  /// Whether nothing of its rates is learned.
  var isHeld: Bool { !isLearned || !isTrained }
}

extension RateGroup: Configurable {
  /// Pattern, granularity, start, what is learned.
  public static let schema = Schema<Self>(
    "parameters whose paths match, and what is other with their rates",
    Setting(
      "match", \.match,
      .text("a pattern of 1 to 200 characters", where: { (1...200).contains($0.count) }),
      "a glob over paths, as run --dry-run prints them: \"*/bias\", \"000_*\"", mustBeWritten: true,
      expecting: "a glob over paths, such as \"*/bias\""),
    Setting(
      "granularity", \.granularity, .optional(.granularity),
      "which of them share a number of the base; none: as the others"),
    Setting(
      "rate", \.rate, .optional(.number(.finite)), "the rate to start from; none: rates.initial"),
    Setting("factor", \.factor, .number(.positive), "what that is multiplied by"),
    Setting("learn", \.isLearned, .flag, "whether their rates are learned rather than kept"),
    Setting(
      "train", \.isTrained, .flag,
      "whether their weights are trained; false: frozen, with rates of 0"))
}

extension Array where Element == RateGroup {
  /// For each tensor, which group is its own; nil for none.
  func membership(of parameters: ParameterLayout) -> [Int?] {
    parameters.paths.map { path in firstIndex { $0.matches(path) } }
  }

  /// What freezes weights, and nothing else.
  var frozen: [RateGroup] {
    filter { !$0.isTrained }.map { RateGroup(match: $0.match, isTrained: false) }
  }
}
