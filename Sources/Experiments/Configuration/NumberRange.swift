/// The finite numbers that a value may be.
struct NumberRange: Sendable {
  /// In words, after "expected".
  let description: String
  private let contains: @Sendable (Double) -> Bool

  private init(_ description: String, _ contains: @escaping @Sendable (Double) -> Bool) {
    self.description = description
    self.contains = contains
  }

  /// Whether the number is one of them.
  func admits(_ number: Double) -> Bool { number.isFinite && contains(number) }

  static let finite = NumberRange("a finite number") { _ in true }
  static let positive = NumberRange("a number above 0") { $0 > 0 }
  static let nonnegative = NumberRange("a number from 0") { $0 >= 0 }
  static let fraction = NumberRange("a number from 0 to 1") { (0...1).contains($0) }
  static let belowOne = NumberRange("a number from 0, below 1") { (0..<1).contains($0) }
  static let between0And1 = NumberRange("a number above 0, below 1") { $0 > 0 && $0 < 1 }

  /// The same numbers with the reason for their bounds.
  func under(_ reason: String) -> NumberRange {
    NumberRange("\(description), under \(reason)", contains)
  }

  /// Numbers above 0 and below a bound.
  static func positive(below maximum: Double) -> NumberRange {
    NumberRange("a number above 0, below \(maximum)") { $0 > 0 && $0 < maximum }
  }
}
