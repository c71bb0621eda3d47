/// How many cells of a terminal a text takes, which is neither its bytes nor its scalars.
enum TextWidth {
  /// The cells of a text: one a character, two for wide ones, none for invisible ones.
  static func of(_ text: String) -> Int {
    text.reduce(0) { $0 + cells(of: $1) }
  }

  /// The text with its middle replaced by an ellipsis where it is wider than `limit` cells.
  static func shortened(_ text: String, to limit: Int) -> String {
    if of(text) <= limit { return text }
    let room = max(limit - 1, 2)
    // The end of a name tells tensors apart as often as its beginning.
    let start = prefix(of: text, room: room / 2)
    let end = prefix(of: String(text.reversed()), room: room - room / 2)
    return start + "…" + String(end.reversed())
  }

  /// The text in lines of at most `limit` cells and about equal length, broken at spaces; a longer
  /// word is shortened.
  static func wrapped(_ text: String, to limit: Int) -> [String] {
    let words = text.split(whereSeparator: \.isWhitespace).map { shortened(String($0), to: limit) }
    let filled = filled(words, to: limit)
    // As few lines as possible, and as narrow as that allows: no word is left alone on the last.
    let narrower = (1..<max(limit, 2)).lazy.map { Self.filled(words, to: $0) }
    return narrower.first { $0.count == filled.count } ?? filled
  }

  private static func prefix(of text: String, room: Int) -> String {
    var (kept, width) = ("", 0)
    for character in text {
      width += cells(of: character)
      if width > room { break }
      kept.append(character)
    }
    return kept
  }

  private static func filled(_ words: [String], to limit: Int) -> [String] {
    var lines: [String] = []
    for word in words {
      if let last = lines.last, of(last) + 1 + of(word) <= limit {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(word)
      }
    }
    return lines
  }

  private static func cells(of character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    // Characters of several scalars, such as letters with accents and flags, go by their first,
    // but the emoji variation selector makes any of them wide.
    if character.unicodeScalars.contains("\u{FE0F}") { return 2 }
    switch scalar.properties.generalCategory {
    case .control, .format, .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// The blocks that East Asian terminals draw two cells wide (Unicode Annex 11, abridged).
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD,
  ]
}
