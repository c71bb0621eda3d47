import ArrayFiles
import Configurations
import Files
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
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try RegularFile.read(
        path, limit: FileLimits.current.fileBytes, followingLinks: true)
    } catch {
      throw .unreadable(path: path, reason: error.reason)
    }
    do throws(ArrayFileError) {
      if NPZ.isLikely(bytes) {
        guard try !NPZ.isPickled(bytes) else { throw Self.pickled(path) }
        let values = try NPZ.decode(bytes)
        arrays = values.compactMapValues { if case .numbers(let array) = $0 { array } else { nil } }
        layout = nil
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

  /// Whether an array is among the weights, rather than the rates beside them.
  func isOfWeights(_ name: String) -> Bool {
    !arrays.keys.contains { $0.hasPrefix(Self.prefix) } || name.hasPrefix(Self.prefix)
  }

  /// The path that a name stands for.
  func path(of name: String, _ rename: [WeightsFile.Rename]) -> String {
    var path = name.hasPrefix(Self.prefix) ? String(name.dropFirst(Self.prefix.count)) : name
    // The longest beginning that ends where a part does.
    let change = rename.filter {
      path == $0.from || path.hasPrefix($0.from + ".") || path.hasPrefix($0.from + "/")
    }.max { $0.from.count < $1.from.count }
    if let change { path = change.to + path.dropFirst(change.from.count) }
    return path.replacingOccurrences(of: ".", with: "/")
  }

  private static func layout(_ metadata: String) -> WeightsFile.Layout? {
    struct Document: Decodable { let layout: String }
    let document = try? JSONDecoder().decode(Document.self, from: Data(metadata.utf8))
    return document.flatMap { WeightsFile.Layout(rawValue: $0.layout) }
  }
}
