import ArrayFiles
import Files
import HDF5Files

/// A file of arrays or columns, whatever its format.
struct TableFile {
  private enum Contents {
    /// Arrays by name.
    case arrays([String: ArrayValue], names: [String])
    /// One array that has no name.
    case single(ArrayValue)
    case columns(CSVTable)
  }

  let path: String
  /// Whether MATLAB wrote it, whose axes are in reverse order.
  let isMATLAB: Bool
  private let contents: Contents

  /// Reads a file, of which some datasets are wanted.
  init(_ path: String, wanting names: [String]) throws(DataError) {
    self.path = path
    let bytes = try UserFile.bytes(of: path)
    isMATLAB = bytes.starts(with: Array("MATLAB 7.3".utf8))
    do throws(ArrayFileError) {
      if TableFile.isHDF5(bytes) {
        contents = try TableFile.hdf5(bytes, path, names)
      } else if NPZ.isLikely(bytes) {
        contents = .arrays(
          try NPZ.decode(bytes, selection: Set(names)), names: try NPZ.names(bytes))
      } else if NPY.isLikely(bytes) {
        contents = .single(try NPY.decode(bytes))
      } else if bytes.count > 8, bytes[8] == UInt8(ascii: "{") {
        let tensors = try Safetensors.decode(bytes).tensors
        contents = .arrays(tensors.mapValues { .numbers($0) }, names: tensors.keys.sorted())
      } else if IDX.isLikely(bytes) {
        contents = .single(.numbers(try IDX.decode(bytes)))
      } else if bytes.prefix(1 << 12).contains(0) {
        throw ArrayFileError(
          .unsupported, found: "bytes of no known format",
          expected: "HDF5, .npz, .npy, safetensors, IDX, or CSV in UTF-8")
      } else {
        contents = .columns(try CSVTable(bytes))
      }
    } catch {
      throw .damaged(path: path, reason: "\(error)")
    }
  }

  /// HDF5 may begin behind 512 bytes, or any power of two more, that are somebody else's.
  private static func isHDF5(_ bytes: [UInt8]) -> Bool {
    let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10]
    var start = 0
    while start + 8 <= bytes.count, start <= 1 << 20 {
      if bytes[start..<start + 8].elementsEqual(signature) { return true }
      start = start == 0 ? 512 : 2 * start
    }
    return false
  }

  private static func hdf5(
    _ bytes: [UInt8], _ path: String, _ names: [String]
  ) throws(ArrayFileError) -> Contents {
    let tree: HDF5Tree
    do throws(HDF5Error) {
      tree = try HDF5Image.decode(bytes, selection: names)
    } catch {
      throw ArrayFileError(
        error.kind == .unsupported ? .unsupported : .damaged, at: error.path, found: error.found,
        expected: error.expected.isEmpty ? "an intact HDF5 file" : error.expected)
    }
    var arrays: [String: ArrayValue] = [:]
    for name in names {
      guard let dataset = tree[name], let type = ElementType(rawValue: dataset.type.rawValue) else {
        continue
      }
      arrays[name] = .numbers(
        NumberArray(type: type, shape: dataset.shape, bytes: dataset.bytes))
    }
    guard arrays.count < Set(names).count else { return .arrays(arrays, names: names) }
    // Something is missing: what else is there, for the message.
    let all = try? HDF5Image.survey(path: path).tree.paths
    return .arrays(arrays, names: all?.map { String($0.dropFirst()) } ?? [])
  }

  /// The names of the columns; nil where there are none.
  var columns: [String]? { if case .columns(let table) = contents { table.names } else { nil } }

  /// Whether the file holds one array alone.
  var isSingle: Bool { if case .single = contents { true } else { false } }

  func unsuitable(_ found: String, _ expected: String) -> DataError {
    .unsuitable(path: path, found: found, expected: expected)
  }

  /// What has some names: a dataset, or columns, [rows] of one and [rows, columns] of several.
  ///
  /// - Parameters:
  ///   - setting: the setting that says so, for messages.
  ///   - allowsMissing: whether values may be missing; numbers are not a number there, texts empty.
  func value(
    _ names: [String], _ setting: String, allowsMissing: Bool, asRows: Bool = false
  ) throws(DataError) -> ArrayValue {
    switch contents {
    case .single(let value): return value
    case .arrays(let arrays, let there):
      guard names.count == 1, let name = names.first else {
        throw unsuitable("\(names.count) names in task.\(setting)", "the name of one dataset")
      }
      guard let value = arrays[name] else {
        throw unsuitable(
          "no dataset \(name)",
          "task.\(setting) to name one"
            + (there.isEmpty ? "" : ": \(there.joined(separator: ", "))"))
      }
      return value
    case .columns(let table):
      var positions: [Int] = []
      for name in names {
        guard let position = table.names.firstIndex(of: name) else {
          throw unsuitable(
            "no column \(name)",
            "task.\(setting) to name columns: \(table.names.joined(separator: ", "))")
        }
        positions.append(position)
      }
      do throws(ArrayFileError) {
        if positions.count == 1, !asRows, try !table.isNumeric(positions[0]) {
          let texts = try table.texts(positions[0], allowsMissing: allowsMissing)
          return .texts(texts.map { $0 ?? "" }, shape: [table.rowCount])
        }
        let numbers = try table.numbers(positions, allowsMissing: allowsMissing)
        guard positions.count == 1, !asRows else { return .numbers(numbers) }
        return .numbers(NumberArray(type: .float64, shape: [table.rowCount], bytes: numbers.bytes))
      } catch {
        let advice =
          error.kind == .missing && !allowsMissing
          ? "; or task.missing=mask"
          : error.kind == .damaged ? "; leave columns of texts out of task.inputs" : ""
        throw unsuitable("\(error.found) at \(error.place)", error.expected + advice)
      }
    }
  }
}
