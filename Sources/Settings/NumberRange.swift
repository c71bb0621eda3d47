/// The finite numbers that a value may be.
public struct NumberRange: Sendable {
  /// In words, after "expected".
  public let description: String
  private let contains: @Sendable (Double) -> Bool

  private init(_ description: String, _ contains: @escaping @Sendable (Double) -> Bool) {
    self.description = description
    self.contains = contains
  }

  /// Whether the number is one of them.
  public func admits(_ number: Double) -> Bool { number.isFinite && contains(number) }

  /// Any finite number.
  public static let finite = NumberRange("a finite number") { _ in true }
  /// Numbers above 0.
  public static let positive = NumberRange("a number above 0") { $0 > 0 }
  /// Numbers from 0.
  public static let nonnegative = NumberRange("a number from 0") { $0 >= 0 }
  /// Numbers from 0 to 1.
  public static let fraction = NumberRange("a number from 0 to 1") { (0...1).contains($0) }
  /// Numbers from 0, below 1: momenta and decays.
  public static let belowOne = NumberRange("a number from 0, below 1") { (0..<1).contains($0) }
  /// Numbers above 0, below 1.
  public static let between0And1 = NumberRange("a number above 0, below 1") { $0 > 0 && $0 < 1 }

  /// The same numbers with the reason for their bounds.
  public func under(_ reason: String) -> NumberRange {
    NumberRange("\(description), under \(reason)", contains)
  }

  /// Numbers above 0 and below a bound.
  public static func positive(below maximum: Double) -> NumberRange {
    NumberRange("a number above 0, below \(maximum)") { $0 > 0 && $0 < maximum }
  }
}
