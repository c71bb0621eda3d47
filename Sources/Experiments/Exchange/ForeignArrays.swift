import ArrayFiles
import Configurations
import Foundation
import MetaLearning

/// The arrays of a file of weights, by name: safetensors or .npz.
struct ForeignArrays {
  let arrays: [String: NumberArray]
  /// The layout that the file itself says, where Metarate wrote it.
  let layout: WeightsFile.Layout?

  /// What names of weights begin with in files that have rates too.
  private static let prefix = "weights/"

  /// Reads a file.
  ///
  /// - Throws: `DataError` for one that cannot be read or is of another format.
  init(_ path: String) throws(DataError) {
    let bytes = try UserFile.bytes(of: path)
    do throws(ArrayFileError) {
      if NPZ.isLikely(bytes) {
        guard try !NPZ.isPickled(bytes) else { throw Self.pickled(path) }
        let values = try NPZ.decode(bytes)
        arrays = values.compactMapValues { if case .numbers(let array) = $0 { array } else { nil } }
        layout = try NPZ.text("metadata.json", of: bytes).flatMap(Self.layout)
      } else if bytes.first == 0x80 {
        throw Self.pickled(path)
      } else if bytes.count > 8, bytes[8] == UInt8(ascii: "{") {
        let file = try Safetensors.decode(bytes)
        arrays = file.tensors
        layout = file.metadata["metarate"].flatMap(Self.layout)
      } else {
        throw ArrayFileError(
          .unsupported, found: "bytes of another format",
          expected: "safetensors or .npz; checkpoints of Metarate are kind: checkpoint")
      }
    } catch {
      throw .damaged(path: path, reason: "\(error)")
    }
  }

  private static func pickled(_ path: String) -> ArrayFileError {
    ArrayFileError(
      .unsupported, found: "Python objects, as torch.save writes them",
      expected: "safetensors: in Python, safetensors.torch.save_file(torch.load(\"\(path)\"), "
        + "\"weights.safetensors\")")
  }

  /// Whether Metarate wrote weights and what is beside them.
  private var isExport: Bool {
    layout != nil && arrays.keys.contains { $0.hasPrefix(Self.prefix) }
  }

  /// Whether an array is among the weights, rather than the rates beside them.
  func isOfWeights(_ name: String) -> Bool {
    !isExport || name.hasPrefix(Self.prefix)
  }

  /// Whether there is an array of a name, or of one that begins with it.
  func hasName(beginningWith part: String) -> Bool {
    arrays.keys.filter(isOfWeights).contains { Self.begins(own($0), with: part) }
  }

  private func own(_ name: String) -> String {
    isExport ? String(name.dropFirst(Self.prefix.count)) : name
  }

  /// Whether a name is another or begins with it, where a part ends.
  private static func begins(_ name: String, with part: String) -> Bool {
    name == part || name.hasPrefix(part + ".") || name.hasPrefix(part + "/")
  }

  /// The path that a name stands for.
  func path(of name: String, _ rename: [WeightsFile.Rename]) -> String {
    var path = own(name)
    let change = rename.filter { Self.begins(path, with: $0.from) }
      .max { $0.from.count < $1.from.count }
    if let change { path = change.to + path.dropFirst(change.from.count) }
    return path.replacingOccurrences(of: ".", with: "/")
  }

  private static func layout(_ metadata: String) -> WeightsFile.Layout? {
    struct Document: Decodable { let layout: String }
    let document = try? JSONDecoder().decode(Document.self, from: Data(metadata.utf8))
    return document.flatMap { WeightsFile.Layout(rawValue: $0.layout) }
  }
}
