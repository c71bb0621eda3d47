/// Numbers as texts have them.
enum DecimalNumber {
  private static let powers: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }

  /// The number that decimal digits stand for, rounded correctly; nil where they are no finite number.
  static func read(_ bytes: some BidirectionalCollection<UInt8>) -> Double? {
    var (mantissa, digits, decimals, exponent) = (UInt64(0), 0, 0, 0)
    var (isNegative, hasPoint, isPlain) = (false, false, true)
    var rest = bytes[...]
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      rest = rest.dropFirst()
    }
    loop: while let byte = rest.first {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if digits < 18 { mantissa = mantissa * 10 + UInt64(byte - UInt8(ascii: "0")) }
        digits += 1
        if hasPoint { decimals += 1 }
      case UInt8(ascii: ".") where !hasPoint: hasPoint = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        isPlain = false
        rest = rest.dropFirst()
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
          rest = rest.dropFirst()
        }
        guard !rest.isEmpty, rest.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        exponent = 1
        break loop
      default: return nil
      }
      rest = rest.dropFirst()
    }
    guard digits > 0 else { return nil }
    // Both are exact in double precision, so that their quotient is rounded once (Clinger, 1990).
    if isPlain, exponent == 0, digits <= 18, mantissa <= 1 << 53, decimals <= 22 {
      let magnitude = Double(mantissa) / powers[decimals]
      return isNegative ? -magnitude : magnitude
    }
    guard let number = Double(String(decoding: bytes, as: UTF8.self)), number.isFinite else {
      return nil
    }
    return number
  }
}
