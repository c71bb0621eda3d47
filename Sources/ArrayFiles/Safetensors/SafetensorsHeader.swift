/// What the header of a safetensors file says, before it is held against the bytes.
struct SafetensorsHeader {
  /// A tensor.
  struct Entry {
    let name: String
    let type: SafetensorsType
    let shape: [Int]
    /// From the end of the header.
    let offsets: Range<Int>
  }

  private(set) var entries: [Entry] = []
  private(set) var metadata: [String: String] = [:]

  /// Reads the JSON: an object of objects with the keys `dtype`, `shape` and `data_offsets`, and
  /// perhaps one of texts, `__metadata__`.
  init(_ text: [UInt8]) throws(ArrayFileError) {
    guard text.first == UInt8(ascii: "{") else {
      throw ArrayFileError(
        .damaged, at: "the header", found: text.isEmpty ? "nothing" : "another first byte than {",
        expected: "a JSON object; is it a safetensors file?")
    }
    var reader = JSONReader(text, place: "the header")
    var (entries, metadata) = ([Entry](), [String: String]())
    try reader.object { reader, name throws(ArrayFileError) in
      if name == "__metadata__" {
        try reader.object { reader, key throws(ArrayFileError) in
          metadata[key] = try reader.string()
        }
      } else {
        entries.append(try Self.entry(name, &reader))
      }
    }
    try reader.end()
    (self.entries, self.metadata) = (entries, metadata)
  }

  private static func entry(
    _ name: String, _ reader: inout JSONReader
  ) throws(ArrayFileError) -> Entry {
    let place = "tensor \(name)"
    var (word, shape, offsets) = (String?.none, [Int]?.none, [Int]?.none)
    try reader.object { reader, key throws(ArrayFileError) in
      switch key {
      case "dtype": word = try reader.string()
      case "shape": shape = try reader.sizes()
      case "data_offsets": offsets = try reader.sizes()
      default:
        throw ArrayFileError(
          .damaged, at: place, found: "the key \(key)", expected: "dtype, shape or data_offsets")
      }
    }
    guard let word, let shape, let offsets else {
      throw ArrayFileError(
        .damaged, at: place, found: "fewer keys", expected: "dtype, shape and data_offsets")
    }
    guard let type = SafetensorsType(rawValue: word) else {
      throw ArrayFileError(
        .damaged, at: place, found: "the dtype \(word)",
        expected: SafetensorsType.allCases.map(\.rawValue).joined(separator: ", "))
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw ArrayFileError(
        .damaged, at: place, found: "data_offsets \(offsets)",
        expected: "two, of which the second is no less")
    }
    return Entry(name: name, type: type, shape: shape, offsets: offsets[0]..<offsets[1])
  }
}
