import Files

/// Tensors by name, as the format safetensors keeps them.
public struct SafetensorsFile: Sendable, Equatable {
  /// By name.
  public var tensors: [String: NumberArray]
  /// Texts about the whole, by name.
  public var metadata: [String: String]

  /// A file of the given tensors.
  public init(tensors: [String: NumberArray] = [:], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }
}

/// The format safetensors: 8 bytes that say how long the header is, a header in JSON that says of each
/// tensor which bytes it has, and the bytes.
///
/// Files are checked as the format's authors do: the header's length and text, and that tensors cover
/// the bytes behind it without a hole, an overlap or a rest.
///
/// Source: Hugging Face, "Safetensors", format description and `safetensors/src/tensor.rs` (0.6).
public enum Safetensors {
  /// What a header may have at most, by the authors' word.
  static let longestHeader = 100_000_000

  /// The contents of a file.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - limits: how large it may be.
  /// - Throws: `ArrayFileError` where it is damaged, or has elements that Swift has no numbers for here:
  ///   8-bit floating point and less, complex numbers.
  public static func decode(
    _ bytes: [UInt8], limits: FileLimits = .current
  ) throws(ArrayFileError) -> SafetensorsFile {
    try ByteBudget.requireFile(bytes.count, limits)
    var cursor = ByteCursor(bytes, place: "the header's length")
    let length = try cursor.size()
    guard length <= min(longestHeader, cursor.remaining) else {
      throw ArrayFileError(
        .damaged, at: "the header's length", found: "\(length) bytes",
        expected: "at most \(min(longestHeader, cursor.remaining)), which there are; is it a "
          + "safetensors file?")
    }
    let header = try SafetensorsHeader(Array(bytes[try cursor.take(length)]))
    let start = cursor.position
    try validate(header, dataBytes: cursor.remaining)
    var file = SafetensorsFile(metadata: header.metadata)
    for entry in header.entries {
      guard let type = entry.type.elementType else {
        throw ArrayFileError(
          .unsupported, at: "tensor \(entry.name)",
          found: "elements of type \(entry.type.rawValue)",
          expected: "one of "
            + SafetensorsType.allCases.filter { $0.elementType != nil }.map(\.rawValue)
            .joined(separator: ", ") + "; convert it")
      }
      file.tensors[entry.name] = NumberArray(
        type: type, shape: entry.shape,
        bytes: Array(bytes[start + entry.offsets.lowerBound..<start + entry.offsets.upperBound]))
    }
    return file
  }

  /// Holds tensors against the bytes behind the header.
  private static func validate(
    _ header: SafetensorsHeader, dataBytes: Int
  ) throws(ArrayFileError) {
    var end = 0
    let entries = header.entries.sorted {
      ($0.offsets.lowerBound, $0.offsets.upperBound) < (
        $1.offsets.lowerBound, $1.offsets.upperBound
      )
    }
    for entry in entries {
      let place = "tensor \(entry.name)"
      guard entry.offsets.lowerBound == end else {
        throw ArrayFileError(
          .damaged, at: place, found: "bytes from \(entry.offsets.lowerBound)",
          expected: "from \(end), where the tensor before it ends: no hole and no overlap")
      }
      end = entry.offsets.upperBound
      guard let bits = ByteBudget.bytes(entry.shape, of: entry.type.bitCount) else {
        throw ArrayFileError(
          .damaged, at: place, found: "shape \(entry.shape)",
          expected: "a shape that fits in memory")
      }
      guard bits % 8 == 0, bits / 8 == entry.offsets.count else {
        throw ArrayFileError(
          .damaged, at: place, found: "\(entry.offsets.count) bytes",
          expected: "\((bits + 7) / 8): \(entry.type.rawValue) of shape \(entry.shape)")
      }
    }
    guard end == dataBytes else {
      throw ArrayFileError(
        .damaged, found: "\(dataBytes) bytes behind the header",
        expected: "\(end), as its tensors have; the file may have been cut off")
    }
  }

  /// The bytes of a file: equal contents give equal bytes. Tensors with the largest elements come first,
  /// those of one size by their names, so that all are aligned.
  ///
  /// - Throws: `ArrayFileError` where a name is `__metadata__`, or the header would be too long.
  public static func encode(_ file: SafetensorsFile) throws(ArrayFileError) -> [UInt8] {
    guard file.tensors["__metadata__"] == nil else {
      throw ArrayFileError(
        .invalid, found: "a tensor named __metadata__",
        expected: "another name: the format keeps it")
    }
    let tensors = file.tensors.sorted {
      ($1.value.type.byteCount, $0.key) < ($0.value.type.byteCount, $1.key)
    }
    var parts: [String] = []
    if !file.metadata.isEmpty {
      let entries = file.metadata.sorted { $0.key < $1.key }.map {
        "\(JSONReader.quoted($0.key)):\(JSONReader.quoted($0.value))"
      }
      parts.append("\"__metadata__\":{\(entries.joined(separator: ","))}")
    }
    var end = 0
    for (name, tensor) in tensors {
      let lengths = tensor.shape.map(String.init).joined(separator: ",")
      parts.append(
        "\(JSONReader.quoted(name)):{\"dtype\":\"\(SafetensorsType(tensor.type).rawValue)\","
          + "\"shape\":[\(lengths)],\"data_offsets\":[\(end),\(end + tensor.bytes.count)]}")
      end += tensor.bytes.count
    }
    var header = Array("{\(parts.joined(separator: ","))}".utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    guard header.count <= longestHeader else {
      throw ArrayFileError(
        .invalid, found: "a header of \(header.count) bytes", expected: "at most \(longestHeader)")
    }
    var bytes = LittleEndian.bytes(of: [UInt64(header.count)])
    bytes.reserveCapacity(8 + header.count + end)
    bytes += header
    for (_, tensor) in tensors { bytes += tensor.bytes }
    return bytes
  }
}
