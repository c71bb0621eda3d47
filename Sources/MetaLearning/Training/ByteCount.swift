/// Bytes as people write them: `2 GiB`, `1.5 MB`.
package struct ByteCount: Equatable, Sendable, CustomStringConvertible {
  /// Units from the largest; binary ones before the decimal ones that they exceed.
  package static let units: [(name: String, bytes: Int)] = [
    ("TiB", 1 << 40), ("TB", 1_000_000_000_000), ("GiB", 1 << 30), ("GB", 1_000_000_000),
    ("MiB", 1 << 20), ("MB", 1_000_000), ("KiB", 1 << 10), ("kB", 1000), ("B", 1),
  ]

  package let bytes: Int

  package init(_ bytes: Int) { self.bytes = bytes }

  /// The count that a text spells: a number and a unit, with or without a space between them; nil where
  /// it is none or no whole number of bytes.
  package init?(_ text: String) {
    let pattern = /([0-9]{1,12})(?:\.([0-9]{1,12}))? ?([A-Za-z]{1,3})/
    guard let match = text.wholeMatch(of: pattern),
      let unit = ByteCount.units.first(where: { $0.name == match.3 }),
      let whole = Int(match.1)
    else { return nil }
    let digits = match.2.map(String.init) ?? "0"
    let scale = digits.reduce(1) { scale, _ in scale * 10 }
    guard let fraction = Int(digits) else { return nil }
    let (part, tooFine) = fraction.multipliedReportingOverflow(by: unit.bytes)
    let (most, tooMany) = whole.multipliedReportingOverflow(by: unit.bytes)
    guard !tooFine, !tooMany, part % scale == 0 else { return nil }
    let (bytes, overflow) = most.addingReportingOverflow(part / scale)
    guard !overflow else { return nil }
    self.bytes = bytes
  }

  /// In the largest unit that gives a whole number.
  package var description: String {
    let unit = ByteCount.units.first { bytes >= $0.bytes && bytes % $0.bytes == 0 } ?? ("B", 1)
    return "\(bytes / unit.bytes) \(unit.name)"
  }
}
