import Files
import Foundation

/// What `index.json` says of one checkpoint.
public struct CheckpointEntry: Codable, Sendable, Equatable {
  /// The file's name: `checkpoint-00000020.h5`.
  public let name: String
  /// The outer steps behind the state.
  public let outerStep: Int
  /// The size of the file.
  public let bytes: Int
  /// The SHA-256 of the file's bytes, as hexadecimal digits.
  public let sha256: String
  /// The hash of what the file says (`ContentHash`), as hexadecimal digits.
  public let contentSHA256: String
  /// The lower the better; nil where none was measured.
  public let score: Double?

  private enum CodingKeys: String, CodingKey {
    case name
    case outerStep = "outer_step"
    case bytes, sha256
    case contentSHA256 = "content_sha256"
    case score
  }

  /// What version 1 of the index called the step.
  private enum FormerKeys: String, CodingKey {
    case outerStep = "meta_step"
  }

  /// An entry of an index of version 1 or 2.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    outerStep =
      try values.decodeIfPresent(Int.self, forKey: .outerStep)
      ?? decoder.container(keyedBy: FormerKeys.self).decode(Int.self, forKey: .outerStep)
    bytes = try values.decode(Int.self, forKey: .bytes)
    sha256 = try values.decode(String.self, forKey: .sha256)
    contentSHA256 = try values.decode(String.self, forKey: .contentSHA256)
    score = try values.decodeIfPresent(Double.self, forKey: .score)
  }

  /// An entry of the given parts.
  public init(
    name: String, outerStep: Int, bytes: Int, sha256: String, contentSHA256: String,
    score: Double?
  ) {
    self.name = name
    self.outerStep = outerStep
    self.bytes = bytes
    self.sha256 = sha256
    self.contentSHA256 = contentSHA256
    self.score = score
  }

  /// Equal in every part, scores bit for bit.
  public static func == (left: CheckpointEntry, right: CheckpointEntry) -> Bool {
    left.name == right.name && left.outerStep == right.outerStep && left.bytes == right.bytes
      && left.sha256 == right.sha256 && left.contentSHA256 == right.contentSHA256
      && left.score?.bitPattern == right.score?.bitPattern
  }
}

/// The list of a folder's checkpoints, oldest first: the file `index.json`.
struct CheckpointIndex: Sendable, Equatable {
  static let fileName = "index.json"
  /// Far more than any folder's list, and little enough to parse.
  static let sizeLimit = 64 << 20

  private(set) var entries: [CheckpointEntry] = []

  /// The entry of a file.
  func entry(named name: String) -> CheckpointEntry? {
    entries.first { $0.name == name }
  }

  /// Adds an entry in its place, instead of one of the same name.
  mutating func insert(_ entry: CheckpointEntry) {
    remove([entry.name])
    let place = entries.firstIndex { $0.outerStep > entry.outerStep } ?? entries.endIndex
    entries.insert(entry, at: place)
  }

  /// Removes the entries of those names.
  mutating func remove(_ names: Set<String>) {
    entries.removeAll { names.contains($0.name) }
  }

  /// The names that pruning removes: all but the best score (the newest of equals), the newest
  /// ones, and the one that has just been written.
  func superfluous(keepingNewest count: Int, and written: String) -> Set<String> {
    let scored = entries.filter { $0.score.map { !$0.isNaN } ?? false }
    let best = scored.reversed().min { ($0.score ?? .infinity) < ($1.score ?? .infinity) }
    let kept = Set(entries.suffix(max(2, count)).map(\.name) + [written])
    return Set(entries.map(\.name)).subtracting(kept).subtracting(best.map { [$0.name] } ?? [])
  }
}

extension CheckpointIndex {
  private struct Document: Codable {
    var format = "metarate-checkpoint-index"
    /// Version 1 called outer steps meta-steps.
    var format_version = 2
    var checkpoints: [CheckpointEntry]
  }

  /// The bytes of `index.json`.
  func encoded() throws(FileError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return try Array(encoder.encode(Document(checkpoints: entries))) + [UInt8(ascii: "\n")]
    } catch {
      throw FileError("encode", Self.fileName, reason: "\(error)")
    }
  }

  /// The index that bytes hold; a text says what else they are.
  static func decode(_ bytes: [UInt8]) -> Result<CheckpointIndex, Refusal> {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let document = try? decoder.decode(Document.self, from: Data(bytes)) else {
      return .failure(Refusal(found: "no such list, or none of JSON"))
    }
    guard document.format == Document(checkpoints: []).format,
      (1...2).contains(document.format_version)
    else {
      return .failure(
        Refusal(found: "format \(document.format), version \(document.format_version)"))
    }
    var index = CheckpointIndex()
    for entry in document.checkpoints {
      guard CheckpointFolder.outerStep(ofName: entry.name) == entry.outerStep,
        index.entry(named: entry.name) == nil, entry.bytes >= 0,
        SHA256Digest(hex: entry.sha256) != nil, SHA256Digest(hex: entry.contentSHA256) != nil
      else { return .failure(Refusal(found: "an impossible or double entry for \(entry.name)")) }
      index.insert(entry)
    }
    return .success(index)
  }

  /// Why bytes are not an index.
  struct Refusal: Error {
    let found: String
  }
}
