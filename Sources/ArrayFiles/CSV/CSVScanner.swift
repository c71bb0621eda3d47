/// Where a field of a CSV file lies.
struct CSVField {
  /// Its bytes, without quotes around them.
  let range: Range<Int>
  /// Whether it stands in quotes.
  let isQuoted: Bool
  /// Its line, counted from 1.
  let line: Int
}

/// Reads the fields of a CSV file one after another.
///
/// Source: RFC 4180; other separators are allowed, and fields that have quotes inside without being in
/// quotes are taken as they are.
struct CSVScanner {
  private let bytes: [UInt8]
  private let separator: UInt8
  private(set) var position: Int
  private(set) var line = 1

  init(_ bytes: [UInt8], from position: Int, separator: UInt8) {
    (self.bytes, self.position, self.separator) = (bytes, position, separator)
  }

  /// Reads the next record that is no empty line.
  ///
  /// - Returns: false where there is none.
  mutating func record(_ fields: inout [CSVField]) throws(ArrayFileError) -> Bool {
    fields.removeAll(keepingCapacity: true)
    while position < bytes.count {
      if endLine() { continue }
      repeat { fields.append(try field()) } while passSeparator()
      _ = endLine()
      return true
    }
    return false
  }

  private mutating func passSeparator() -> Bool {
    guard position < bytes.count, bytes[position] == separator else { return false }
    position += 1
    return true
  }

  /// Passes the end of a line, of any system, if it is next.
  private mutating func endLine() -> Bool {
    guard position < bytes.count, bytes[position] == 0x0A || bytes[position] == 0x0D else {
      return false
    }
    let isPair =
      bytes[position] == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A
    position += isPair ? 2 : 1
    line += 1
    return true
  }

  private mutating func field() throws(ArrayFileError) -> CSVField {
    let start = position
    guard start < bytes.count, bytes[start] == UInt8(ascii: "\"") else {
      while position < bytes.count {
        let byte = bytes[position]
        if byte == separator || byte == 0x0A || byte == 0x0D { break }
        position += 1
      }
      return CSVField(range: start..<position, isQuoted: false, line: line)
    }
    let firstLine = line
    position += 1
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        if position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\"") {
          position += 2
          continue
        }
        let field = CSVField(range: start + 1..<position, isQuoted: true, line: firstLine)
        position += 1
        guard
          position == bytes.count || bytes[position] == separator
            || bytes[position] == 0x0A || bytes[position] == 0x0D
        else {
          throw ArrayFileError(
            .damaged, at: "line \(line)", found: "text behind a closing quote",
            expected: "a separator or the end of the line; quotes inside of quotes are doubled")
        }
        return field
      case 0x0A:
        line += 1
        position += 1
      default: position += 1
      }
    }
    throw ArrayFileError(
      .damaged, at: "line \(firstLine)", found: "a quote that is not closed", expected: "its end")
  }
}
