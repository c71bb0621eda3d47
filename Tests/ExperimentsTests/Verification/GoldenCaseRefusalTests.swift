import Configurations
import Experiments
import Foundation
import HDF5Files
import Testing

/// Cases that say what they must not, each refused in one line before anything is computed.
@Suite("Refused golden cases") struct GoldenCaseRefusalTests {
  /// A case whose file was changed.
  private func message(
    _ name: String, _ change: (inout HDF5Tree) throws -> Void
  ) throws -> String {
    let golden = try #require(EmbeddedData.goldenCases.first { $0.name == name })
    var tree = try HDF5Image.decode(golden.bytes)
    try change(&tree)
    let changed = try GoldenCase(name: name, bytes: try HDF5Image.encode(tree))
    do {
      _ = try changed.compare()
      return "nothing"
    } catch {
      return "\(error)"
    }
  }

  /// A case with one part of its specification replaced.
  private func message(_ name: String, _ old: String, _ new: String) throws -> String {
    try message(name) { tree in
      let bytes = try tree.dataset(at: "/spec").elements(of: UInt8.self, at: "/spec")
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.contains(old))
      let changed = Array(text.replacingOccurrences(of: old, with: new).utf8)
      tree["/spec"] = HDF5Dataset(changed, shape: [changed.count])
    }
  }

  @Test(
    "unknown words and keys",
    arguments: [
      ("layers-gru", "\"steps\"", "\"stpes\": 4, \"steps\"", "unknown key stpes in spec"),
      ("layers-gru", "\"gru\": 4", "\"gru\": 4, \"gates\": 3", "layers[0]"),
      ("layers-gru", "\"last\"", "\"lats\"", "layers[1]"),
      ("layers-gru", "\"last\"", "\"flatten\", \"last\"", "layers[2]"),
      ("layers-groups", "\"learn\"", "\"learned\"", "unknown key learned in groups"),
      ("layers-groups", "000_*/bias", "007_*/bias", "matches no tensor"),
      ("layers-groups", "\"rate\": 0.04", "\"rate\": -0.04", "-0.04"),
      ("layers-groups", "\"global\"", "\"all\"", "unknown granularity all"),
      ("layers-transformer", "\"batch\": 2", "\"rows\": 2", "unknown key rows in evaluation"),
      ("layers-transformer", "\"batch\": 2", "\"batch\": 0", "batch is 0, not from 1 to"),
      ("layers-transformer", "\"tokens\": 5", "\"tokens\": 4", "initial/000_embedding/weight is"),
      ("mlp-adam", "\"mlp\"", "\"cnn\"", "unknown model cnn"),
    ])
  func words(_ name: String, _ old: String, _ new: String, _ expected: String) throws {
    let found = try message(name, old, new)
    #expect(found.contains(expected), "\(found)")
    #expect(!found.contains("\n"))
  }

  @Test("data of other forms")
  func data() throws {
    let masks = try message("layers-dropout") { $0["/train/masks/2"] = nil }
    #expect(masks.contains("/train/masks/2"), "\(masks)")
    let half = try message("layers-dropout") { tree in
      let path = "/train/masks/0"
      let mask = try tree.dataset(at: path)
      let numbers = [Double](repeating: 0.5, count: mask.shape.reduce(1, *))
      tree[path] = HDF5Dataset(numbers, shape: mask.shape)
    }
    #expect(half.contains("/train/masks/0 has numbers other than 0 and 1"), "\(half)")
    let tokens = try message("layers-embedding") { tree in
      let path = "/train/inputs"
      let shape = try tree.dataset(at: path).shape
      tree[path] = HDF5Dataset(
        [Int32](repeating: 5, count: shape.reduce(1, *)), shape: shape)
    }
    #expect(tokens.contains("train/inputs has 5, not numbers from 0 to 4"), "\(tokens)")
    let kinds = try message("mlp-adam") { tree in
      tree["/train/targets"] = try tree.dataset(at: "/train/inputs")
    }
    #expect(kinds.contains("train/targets is"), "\(kinds)")
    let missing = try message("mlp-adam") { $0["/initial/000_dense/bias"] = nil }
    #expect(missing.contains("no initial/000_dense/bias"), "\(missing)")
    let further = try message("mlp-adam") { tree in
      tree["/initial/000_dense/scale"] = try tree.dataset(at: "/initial/000_dense/bias")
    }
    #expect(further.contains("initial/000_dense/scale is no tensor of the model"), "\(further)")
  }

  /// A case that starts a group elsewhere than it says does not agree.
  @Test func startsAreCompared() throws {
    let golden = try #require(EmbeddedData.goldenCases.first { $0.name == "layers-groups" })
    var tree = try HDF5Image.decode(golden.bytes)
    let bytes = try tree.dataset(at: "/spec").elements(of: UInt8.self, at: "/spec")
    let text = String(decoding: bytes, as: UTF8.self)
    let changed = Array(text.replacingOccurrences(of: "0.04", with: "0.05").utf8)
    tree["/spec"] = HDF5Dataset(changed, shape: [changed.count])
    let comparisons = try GoldenCase(name: "x", bytes: try HDF5Image.encode(tree)).compare()
    #expect(comparisons.filter { !$0.agrees }.map(\.group) == ["starts"])
  }
}
