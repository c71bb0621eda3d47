import Foundation
import HDF5Files

/// A folder that goes with its value.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appending(path: "metarate-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Everything in the folder, hidden files too.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  func bytes(of name: String) throws -> [UInt8] {
    try RegularFile.read("\(path)/\(name)", limit: 1 << 24)
  }

  func put(_ bytes: [UInt8], as name: String) throws {
    try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(name)")
  }
}

/// A small state that is different at every step.
func exampleState(_ step: Int) -> HDF5Tree {
  var tree = HDF5Tree()
  tree["/model/000_dense/weight"] = HDF5Dataset(
    (0..<6).map { Float($0 + step) }, shape: [2, 3], dimensions: ["input", "output"])
  tree["/progress/meta_step"] = HDF5Dataset(scalar: Int64(step))
  tree["/provenance/json"] = HDF5Dataset(text: "{\"host\": \"here\"}")
  tree[group: "/rates_raw"].attributes["parameterization"] = .string("log")
  return tree
}
