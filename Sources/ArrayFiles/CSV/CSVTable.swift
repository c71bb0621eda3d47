import Files

/// A table of texts with a header, as a CSV file has it.
///
/// Fields are separated by commas or, where the header has none outside of quotes, by semicolons or
/// tabs. Columns are read when they are asked for, so that nothing but the file is kept.
public struct CSVTable: Sendable {
  /// The names of the columns.
  public let names: [String]
  /// Records behind the header.
  public let rowCount: Int
  private let bytes: [UInt8]
  private let start: Int
  private let headerLines: Int
  private let separator: UInt8
  /// What stands for a value that is missing.
  private static let absent: Set<[UInt8]> = Set(
    ["", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", "?"].map { Array($0.utf8) })
  /// More columns take memory for every row's fields.
  private static let mostColumns = 1 << 20

  /// Looks through a file.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - limits: how large it may be.
  /// - Throws: `ArrayFileError` where it has no header, or a record of other length.
  public init(_ bytes: [UInt8], limits: FileLimits = .current) throws(ArrayFileError) {
    try ByteBudget.requireFile(bytes.count, limits)
    guard !bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFE, 0xFF]), !bytes.contains(0)
    else {
      throw ArrayFileError(
        .unsupported, found: "bytes that are no text of 8-bit characters",
        expected: "a CSV file in UTF-8; convert it with iconv")
    }
    self.bytes = bytes
    let first = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    separator = CSVTable.separator(of: bytes, from: first)
    var scanner = CSVScanner(bytes, from: first, separator: separator)
    var fields: [CSVField] = []
    guard try scanner.record(&fields) else {
      throw ArrayFileError(
        .damaged, found: "an empty file", expected: "a header with the names of the columns")
    }
    guard fields.count <= CSVTable.mostColumns else {
      throw ArrayFileError(
        .limit, at: "the header", found: "\(fields.count) columns",
        expected: "at most \(CSVTable.mostColumns)")
    }
    var (names, seen) = ([String](), Set<String>())
    for field in fields {
      let name = try CSVTable.text(bytes, field)
      guard !name.isEmpty, seen.insert(name).inserted else {
        throw ArrayFileError(
          .damaged, at: "column \(names.count + 1) of the header",
          found: name.isEmpty ? "no name" : "the name \(name) for the second time",
          expected: "a name for each column")
      }
      names.append(name)
    }
    if names.allSatisfy({ DecimalNumber.read(Array($0.utf8)) != nil }) {
      throw ArrayFileError(
        .damaged, at: "line 1", found: "numbers alone", expected: "a header with names of columns")
    }
    self.names = names
    (start, headerLines) = (scanner.position, scanner.line)
    var rows = 0
    while try scanner.record(&fields) {
      rows += 1
      guard fields.count == names.count else {
        throw ArrayFileError(
          .damaged, at: "line \(fields.first?.line ?? scanner.line)",
          found: "\(fields.count) fields",
          expected: "\(names.count), as the header has")
      }
    }
    rowCount = rows
  }

  /// The first of comma, semicolon and tab that stands outside of quotes in the first line.
  private static func separator(of bytes: [UInt8], from start: Int) -> UInt8 {
    var (isQuoted, found) = (false, Set<UInt8>())
    for byte in bytes[start...] {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      guard !isQuoted else { continue }
      if byte == 0x0A || byte == 0x0D { break }
      found.insert(byte)
    }
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    return candidates.first { found.contains($0) } ?? candidates[0]
  }

  /// A field's text.
  private static func text(_ bytes: [UInt8], _ field: CSVField) throws(ArrayFileError) -> String {
    guard let text = String(validating: bytes[field.range], as: UTF8.self) else {
      throw ArrayFileError(
        .damaged, at: "line \(field.line)", found: "bytes that are not UTF-8", expected: "UTF-8")
    }
    if field.isQuoted {
      return text.utf8.contains(UInt8(ascii: "\""))
        ? text.split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"")
        : text
    }
    return String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  /// A field's bytes without spaces around them.
  private func trimmed(_ field: CSVField) -> ArraySlice<UInt8> {
    var slice = bytes[field.range]
    while slice.first == 0x20 { slice = slice.dropFirst() }
    while slice.last == 0x20 { slice = slice.dropLast() }
    return slice
  }

  private func isMissing(_ slice: ArraySlice<UInt8>) -> Bool {
    slice.count <= 4 && CSVTable.absent.contains(Array(slice))
  }

  /// Calls a function with the fields of each record.
  private func forEachRecord(
    _ body: (Int, [CSVField]) throws(ArrayFileError) -> Void
  ) throws(ArrayFileError) {
    var scanner = CSVScanner(bytes, from: start, separator: separator)
    var (fields, row) = ([CSVField](), 0)
    while try scanner.record(&fields) {
      try body(row, fields)
      row += 1
    }
  }

  private func place(_ field: CSVField, _ column: Int) -> String {
    "line \(field.line + headerLines - 1), column \(names[column])"
  }

  /// The numbers of some columns, [rows, columns]; a missing one is not a number.
  ///
  /// - Parameters:
  ///   - columns: positions among `names`.
  ///   - allowsMissing: whether values may be missing; one that is is an error otherwise.
  /// - Throws: `ArrayFileError` with line and column.
  public func numbers(
    _ columns: [Int], allowsMissing: Bool = false
  ) throws(ArrayFileError) -> NumberArray {
    var numbers: [Double] = []
    numbers.reserveCapacity(rowCount * columns.count)
    try forEachRecord { _, fields throws(ArrayFileError) in
      for column in columns {
        let field = fields[column]
        let slice = trimmed(field)
        if let number = DecimalNumber.read(slice) {
          numbers.append(number)
        } else if isMissing(slice) {
          guard allowsMissing else {
            throw ArrayFileError(
              .missing, at: place(field, column),
              found: slice.isEmpty
                ? "a missing value" : "the missing value \(String(decoding: slice, as: UTF8.self))",
              expected: "a number")
          }
          numbers.append(.nan)
        } else {
          throw ArrayFileError(
            .damaged, at: place(field, column),
            found: JSONReader.quoted(String(decoding: slice.prefix(40), as: UTF8.self)),
            expected: "a finite number")
        }
      }
    }
    return NumberArray(numbers, shape: [rowCount, columns.count])
  }

  /// Whether all that a column has are numbers, but for values that are missing.
  public func isNumeric(_ column: Int) throws(ArrayFileError) -> Bool {
    var isNumeric = true
    try forEachRecord { _, fields throws(ArrayFileError) in
      guard isNumeric else { return }
      let slice = trimmed(fields[column])
      isNumeric = DecimalNumber.read(slice) != nil || isMissing(slice)
    }
    return isNumeric
  }

  /// The texts of a column; an empty one is missing.
  ///
  /// - Parameters:
  ///   - column: a position among `names`.
  ///   - allowsMissing: whether values may be missing; one that is is an error otherwise.
  /// - Throws: `ArrayFileError` with line and column.
  public func texts(
    _ column: Int, allowsMissing: Bool = false
  ) throws(ArrayFileError) -> [String?] {
    var texts: [String?] = []
    texts.reserveCapacity(rowCount)
    try forEachRecord { _, fields throws(ArrayFileError) in
      let field = fields[column]
      let isMissing = !field.isQuoted && isMissing(trimmed(field))
      guard !isMissing || allowsMissing else {
        throw ArrayFileError(
          .missing, at: place(field, column), found: "a missing value", expected: "a text")
      }
      texts.append(isMissing ? nil : try CSVTable.text(bytes, field))
    }
    return texts
  }
}
