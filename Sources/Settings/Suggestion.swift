/// What the writer of an unknown word may have meant.
public enum Suggestion {
  /// The nearest of the known words, if it is near enough to be a slip of the fingers.
  public static func nearest(to word: String, among known: [String]) -> String? {
    let lowercased = word.lowercased()
    let ranked = known.map { (distance(lowercased, $0.lowercased()), $0) }
    guard let (distance, name) = ranked.min(by: { $0.0 < $1.0 }) else { return nil }
    return distance <= max(1, min(word.count, name.count) / 3) ? name : nil
  }

  /// Insertions, deletions, replacements and swaps of neighbors that turn one word into another.
  public static func distance(_ first: String, _ second: String) -> Int {
    let (a, b) = (Array(first.prefix(80)), Array(second.prefix(80)))
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var least = min(row[j] + 1, rows[i][j + 1] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          least = min(least, rows[i - 1][j - 1] + 1)
        }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }

  /// `sgd, momentum or adam`.
  public static func list(_ words: [String]) -> String {
    guard words.count > 1 else { return words.first ?? "nothing" }
    return words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
  }
}
