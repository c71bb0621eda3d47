import Files

/// What stands before the elements in an .npy file: a Python dictionary with the keys `descr`,
/// `fortran_order` and `shape`.
struct NPYHeader {
  /// What an element is.
  enum Element: Equatable {
    /// A number, its highest byte first or last.
    case number(ElementType, isBigEndian: Bool)
    /// A text of so many characters of 32 bits.
    case unicode(length: Int, isBigEndian: Bool)
    /// A text of so many bytes.
    case bytes(length: Int)

    /// Bytes an element takes; nil where no integer holds them.
    var byteCount: Int? {
      switch self {
      case .number(let type, _): type.byteCount
      case .unicode(let length, _): ByteBudget.bytes([length], of: 4)
      case .bytes(let length): length
      }
    }
  }

  private(set) var element = Element.bytes(length: 0)
  private(set) var isFortranOrder = false
  private(set) var shape: [Int] = []

  private let text: [UInt8]
  private var position = 0

  /// Reads the dictionary.
  init(_ text: [UInt8]) throws(ArrayFileError) {
    self.text = text
    try expect("{")
    var keys: Set<String> = []
    while !passes("}") {
      let key = try string()
      guard keys.insert(key).inserted else { throw wrong("each key once") }
      try expect(":")
      switch key {
      case "descr": element = try described()
      case "fortran_order": isFortranOrder = try truth()
      case "shape": shape = try lengths()
      default: throw wrong("the keys descr, fortran_order and shape before it")
      }
      guard passes(",") else {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard position == text.count, keys.count == 3 else {
      throw wrong("the keys descr, fortran_order and shape, and no more")
    }
  }

  private func wrong(_ expected: String) -> ArrayFileError {
    let rest =
      position < text.count ? String(decoding: text[position...].prefix(12), as: UTF8.self) : ""
    return ArrayFileError(
      .damaged, at: "byte \(position) of the header",
      found: rest.isEmpty ? "its end" : JSONReader.quoted(rest), expected: expected)
  }

  private mutating func skipSpace() {
    while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
  }

  private mutating func passes(_ characters: String) -> Bool {
    skipSpace()
    guard text[position...].starts(with: characters.utf8) else { return false }
    position += characters.utf8.count
    return true
  }

  private mutating func expect(_ characters: String) throws(ArrayFileError) {
    guard passes(characters) else { throw wrong(characters) }
  }

  /// A text in single or double quotes, without escapes.
  private mutating func string() throws(ArrayFileError) -> String {
    let quote = passes("'") ? UInt8(ascii: "'") : UInt8(ascii: "\"")
    if quote == UInt8(ascii: "\"") { try expect("\"") }
    guard let end = text[position...].firstIndex(of: quote) else {
      throw wrong("the end of a text")
    }
    defer { position = end + 1 }
    return String(decoding: text[position..<end], as: UTF8.self)
  }

  private mutating func truth() throws(ArrayFileError) -> Bool {
    if passes("True") { return true }
    guard passes("False") else { throw wrong("True or False") }
    return false
  }

  /// A tuple of whole numbers, of which Python 2 wrote some with an L.
  private mutating func lengths() throws(ArrayFileError) -> [Int] {
    try expect("(")
    var lengths: [Int] = []
    while !passes(")") {
      skipSpace()
      let digits = text[position...].prefix { (0x30...0x39).contains($0) }
      guard let length = Int(String(decoding: digits, as: UTF8.self)), lengths.count < 64 else {
        throw wrong("at most 64 whole numbers from 0")
      }
      position += digits.count
      _ = passes("L")
      lengths.append(length)
      guard passes(",") else {
        try expect(")")
        break
      }
    }
    return lengths
  }

  /// The type: a byte order, a kind and a size, such as `<f4`.
  private mutating func described() throws(ArrayFileError) -> Element {
    guard !passes("[") else {
      throw ArrayFileError(
        .unsupported, found: "records", expected: "numbers or texts; save each field on its own")
    }
    let word = try string()
    let order = word.first.map { "<>|=".contains($0) ? $0 : "=" } ?? "="
    let rest = word.first.map { "<>|=".contains($0) } == true ? word.dropFirst() : word[...]
    let isBigEndian = order == ">"
    switch rest {
    case "b1", "?": return .number(.bool, isBigEndian: false)
    case "u1", "B": return .number(.uint8, isBigEndian: false)
    case "i1", "b": return .number(.int8, isBigEndian: false)
    case "u2": return .number(.uint16, isBigEndian: isBigEndian)
    case "i2": return .number(.int16, isBigEndian: isBigEndian)
    case "u4": return .number(.uint32, isBigEndian: isBigEndian)
    case "i4": return .number(.int32, isBigEndian: isBigEndian)
    case "u8": return .number(.uint64, isBigEndian: isBigEndian)
    case "i8": return .number(.int64, isBigEndian: isBigEndian)
    case "f2": return .number(.float16, isBigEndian: isBigEndian)
    case "f4": return .number(.float32, isBigEndian: isBigEndian)
    case "f8": return .number(.float64, isBigEndian: isBigEndian)
    default: break
    }
    if let length = Int(rest.dropFirst()), length >= 0 {
      if rest.first == "U" { return .unicode(length: length, isBigEndian: isBigEndian) }
      if rest.first == "S" || rest.first == "a" { return .bytes(length: length) }
    }
    let isObject = rest.first == "O"
    throw ArrayFileError(
      .unsupported, found: isObject ? "Python objects" : "elements of type \(word)",
      expected: "booleans, integers, reals of 16, 32 or 64 bits, or texts; "
        + (isObject
          ? "objects would run code to be read: save x.astype(float) or x.astype(str)"
          : "convert the array"))
  }
}
