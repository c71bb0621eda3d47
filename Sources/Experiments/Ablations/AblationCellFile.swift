import Checkpoints
import Files
import Foundation
import TensorPrograms

/// A cell's file: what was computed, of what, and with what.
struct AblationCellFile: Codable {
  /// Hash of all that decides the cell.
  private let identity: String
  /// Hash of the cell as this file has it.
  private let content: String
  private let version: String
  private let kernels: String
  private let blas: String
  /// Nil where the arm has nothing to choose.
  let cell: AblationCell?

  /// Many times what a cell of many runs takes.
  private static let mostBytes = 1 << 26

  init(_ cell: AblationCell?, identity: String) throws {
    (self.cell, self.identity) = (cell, identity)
    content = try Self.hash(of: cell)
    (version, kernels, blas) = (Provenance.version, Host.kernels, Host.blas)
  }

  /// Whether another version, processor or library computed it, so that the same computation might
  /// have given other bits.
  var isFromElsewhere: Bool {
    (version, kernels, blas) != (Provenance.version, Host.kernels, Host.blas)
  }

  /// The cell of a file; nil where there is none.
  ///
  /// - Throws: `FileError` for one that cannot be read, and `RunError` where it is another cell's,
  ///   has been changed, or is no cell's.
  static func read(_ path: String, identity: String) throws -> AblationCellFile? {
    let bytes: [UInt8]
    do {
      bytes = try RegularFile.read(path, limit: mostBytes)
    } catch let error where error.isMissing {
      return nil
    }
    guard let file = try? JSONDecoder().decode(AblationCellFile.self, from: Data(bytes)),
      file.identity == identity, file.content == (try? hash(of: file.cell))
    else { throw RunError.damagedCell(path: path) }
    return file
  }

  func write(to path: String) throws {
    try AtomicFile.write(Array(try Self.encoder.encode(self)), to: path)
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return encoder
  }

  private static func hash(of cell: AblationCell?) throws -> String {
    SHA256.digest(of: Array(try encoder.encode(cell))).hex
  }
}
