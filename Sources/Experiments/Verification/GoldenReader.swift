import Foundation

/// Takes typed values out of a JSON object and knows which were left.
struct GoldenReader {
  private var object: [String: Any]
  /// Cases are small.
  private static let largest = 100_000

  init(_ object: [String: Any]) { self.object = object }

  var keys: [String] { object.keys.sorted() }

  mutating func takeOptional<Value>(_ key: String) throws(GoldenCaseError) -> Value? {
    guard let found = object.removeValue(forKey: key) else { return nil }
    // Whole numbers serve as reals.
    if let value = found as? Value { return value }
    if let number = found as? NSNumber, let value = number.doubleValue as? Value { return value }
    throw .malformed("\(key) is \(found), not \(Value.self)")
  }

  mutating func take<Value>(_ key: String) throws(GoldenCaseError) -> Value {
    guard let value: Value = try takeOptional(key) else { throw .malformed("no \(key)") }
    return value
  }

  mutating func take<Value>(_ key: String, default value: Value) throws(GoldenCaseError) -> Value {
    try takeOptional(key) ?? value
  }

  /// How many, or how large: at least 1.
  mutating func takeSize(_ key: String) throws(GoldenCaseError) -> Int {
    guard let size = try takeOptionalSize(key) else { throw .malformed("no \(key)") }
    return size
  }

  mutating func takeOptionalSize(_ key: String) throws(GoldenCaseError) -> Int? {
    guard let size: Int = try takeOptional(key) else { return nil }
    guard (1...Self.largest).contains(size) else {
      throw .malformed("\(key) is \(size), not from 1 to \(Self.largest)")
    }
    return size
  }

  mutating func takeSizes(_ key: String, atLeast count: Int) throws(GoldenCaseError) -> [Int] {
    let sizes: [Int] = try take(key)
    guard sizes.count >= count, sizes.allSatisfy({ (1...Self.largest).contains($0) }) else {
      throw .malformed(
        "\(key) is \(sizes), not \(count) or more numbers from 1 to \(Self.largest)")
    }
    return sizes
  }

  func finish(_ place: String, ignoring ignored: Set<String> = []) throws(GoldenCaseError) {
    if let key = object.keys.sorted().first(where: { !ignored.contains($0) }) {
      throw .malformed("unknown key \(key) in \(place)")
    }
  }
}
