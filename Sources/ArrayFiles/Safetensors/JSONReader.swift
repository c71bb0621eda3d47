/// Reads JSON of a known form from first to last, without a tree: what is not expected is an error at
/// once, a key that stands twice too, and nothing takes more memory than it has text.
///
/// Source: RFC 8259.
struct JSONReader {
  private let text: [UInt8]
  private let place: String
  private var position = 0

  init(_ text: [UInt8], place: String) { (self.text, self.place) = (text, place) }

  private func wrong(_ expected: String) -> ArrayFileError {
    let found =
      position < text.count
      ? "\(JSONReader.quoted(String(decoding: text[position...].prefix(12), as: UTF8.self)))"
      : "its end"
    return ArrayFileError(
      .damaged, at: "byte \(position) of \(place)", found: found, expected: expected)
  }

  private mutating func skipSpace() {
    while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
  }

  /// Passes a byte if it is next.
  private mutating func passes(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(ArrayFileError) {
    guard passes(character) else { throw wrong("\(character)") }
  }

  /// Sees to it that there is nothing more.
  mutating func end() throws(ArrayFileError) {
    skipSpace()
    guard position == text.count else { throw wrong("its end") }
  }

  /// An object; a function reads the value of each key.
  mutating func object(
    _ value: (inout JSONReader, String) throws(ArrayFileError) -> Void
  ) throws(ArrayFileError) {
    try expect("{")
    guard !passes("}") else { return }
    var keys: Set<String> = []
    repeat {
      let key = try string()
      guard keys.insert(key).inserted else {
        throw ArrayFileError(
          .damaged, at: place, found: "the key \(key) twice", expected: "each key once")
      }
      try expect(":")
      try value(&self, key)
    } while passes(",")
    try expect("}")
  }

  /// An array of whole numbers from 0.
  mutating func sizes() throws(ArrayFileError) -> [Int] {
    try expect("[")
    guard !passes("]") else { return [] }
    var numbers: [Int] = []
    repeat { numbers.append(try size()) } while passes(",")
    try expect("]")
    return numbers
  }

  private mutating func size() throws(ArrayFileError) -> Int {
    skipSpace()
    let start = position
    while position < text.count, (0x30...0x39).contains(text[position]) { position += 1 }
    let digits = text[start..<position]
    let ends = position == text.count || ![0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(text[position])
    guard let number = Int(String(decoding: digits, as: UTF8.self)), ends,
      digits.count == 1 || digits.first != 0x30
    else {
      position = start
      throw wrong("a whole number from 0")
    }
    return number
  }

  /// A text.
  mutating func string() throws(ArrayFileError) -> String {
    try expect("\"")
    var bytes: [UInt8] = []
    while position < text.count {
      let byte = text[position]
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: bytes, as: UTF8.self) else {
          throw wrong("UTF-8 before it")
        }
        position += 1
        return string
      case UInt8(ascii: "\\"):
        position += 1
        bytes += Array(String(try escaped()).utf8)
      case 0..<0x20: throw wrong("no control character")
      default:
        bytes.append(byte)
        position += 1
      }
    }
    throw wrong("the end of a text")
  }

  /// What stands behind a backslash.
  private mutating func escaped() throws(ArrayFileError) -> Unicode.Scalar {
    guard position < text.count else { throw wrong("an escape") }
    let plain: [UInt8: Unicode.Scalar] = [
      0x22: "\"", 0x5C: "\\", 0x2F: "/", 0x62: "\u{8}", 0x66: "\u{C}", 0x6E: "\n", 0x72: "\r",
      0x74: "\t",
    ]
    if let scalar = plain[text[position]] {
      position += 1
      return scalar
    }
    let unit = try codeUnit()
    guard (0xD800..<0xDC00).contains(unit) else {
      guard let scalar = Unicode.Scalar(unit) else { throw wrong("two halves of a character") }
      return scalar
    }
    // Characters beyond 16 bits are written as two halves.
    guard position < text.count, text[position] == 0x5C else { throw wrong("the other half") }
    position += 1
    let other = try codeUnit()
    guard (0xDC00..<0xE000).contains(other),
      let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (other - 0xDC00))
    else { throw wrong("the other half of a character") }
    return scalar
  }

  /// `u` and four hexadecimal digits.
  private mutating func codeUnit() throws(ArrayFileError) -> UInt32 {
    let digits = text[position...].dropFirst().prefix(4)
    guard position < text.count, text[position] == UInt8(ascii: "u"), digits.count == 4,
      digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw wrong("an escape of JSON") }
    position += 5
    return unit
  }

  /// A text as JSON writes it.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
