/// A text in which the first letters of some keys are replaced by private letters, one each, so
/// that equal keys differ while lines and columns stay.
struct MaskedText {
  private struct Position: Hashable {
    let line: Int
    let column: Int
  }

  /// The text with the letters replaced.
  private(set) var text: String
  private var masks: [Position: (mask: Unicode.Scalar, original: Unicode.Scalar)] = [:]

  /// A text with nothing replaced; a byte order mark goes.
  init(_ text: String) {
    self.text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.dropFirst()) : text
  }

  /// Replaces the first letter of the key that stands at a place; false if that is impossible.
  mutating func mask(line: Int, column: Int) -> Bool {
    let position = Position(line: line, column: column)
    guard masks[position] == nil, let mask = Unicode.Scalar(0xE000 + masks.count),
      masks.count < 1000, var index = index(of: position)
    else { return false }
    var scalars = text.unicodeScalars
    if "\"'".unicodeScalars.contains(scalars[index]) { scalars.formIndex(after: &index) }
    guard index < scalars.endIndex, scalars[index].properties.isAlphabetic else { return false }
    masks[position] = (mask, scalars[index])
    scalars.replaceSubrange(index...index, with: [mask])
    text = String(scalars)
    return true
  }

  /// The key at a place as it was written.
  func unmasked(_ key: String, line: Int, column: Int) -> String {
    guard let (mask, original) = masks[Position(line: line, column: column)],
      key.unicodeScalars.first == mask
    else { return key }
    var scalars = key.unicodeScalars.dropFirst()
    scalars.insert(original, at: scalars.startIndex)
    return String(scalars)
  }

  /// Line and column of a character, both from 1.
  static func position(of offset: Int, in text: String) -> (line: Int, column: Int) {
    let before = text.prefix(offset)
    let lines = before.split(omittingEmptySubsequences: false) { $0.isNewline }
    return (lines.count, (lines.last?.unicodeScalars.count ?? 0) + 1)
  }

  private func index(of position: Position) -> String.Index? {
    let scalars = text.unicodeScalars
    var line = 1
    var index = scalars.startIndex
    while line < position.line, index < scalars.endIndex {
      let isReturn = scalars[index] == "\r"
      let isBreak = isReturn || "\n\u{85}\u{2028}\u{2029}".unicodeScalars.contains(scalars[index])
      scalars.formIndex(after: &index)
      guard isBreak else { continue }
      if isReturn, index < scalars.endIndex, scalars[index] == "\n" {
        scalars.formIndex(after: &index)
      }
      line += 1
    }
    guard
      let found = scalars.index(index, offsetBy: position.column - 1, limitedBy: scalars.endIndex),
      found < scalars.endIndex
    else { return nil }
    return found
  }
}
