import Checkpoints
import HDF5Files
import Testing

@Suite struct ContentHashTests {
  private static let tree = exampleState(1)
  private static let weight = "/model/000_dense/weight"

  private func hash(_ change: (inout HDF5Tree) -> Void) -> SHA256Digest {
    var tree = Self.tree
    change(&tree)
    return ContentHash.digest(of: tree)
  }

  private var unchanged: SHA256Digest { ContentHash.digest(of: Self.tree) }

  @Test func provenanceAndTheHashItselfDoNotMatter() {
    #expect(hash { $0["/provenance/json"] = HDF5Dataset(text: "another host") } == unchanged)
    #expect(hash { $0["/provenance/time"] = HDF5Dataset(scalar: 1.5) } == unchanged)
    #expect(hash { $0[group: "/provenance"].attributes["at"] = .integer(1) } == unchanged)
    #expect(hash { $0[group: "/"].attributes["content_sha256"] = .string("x") } == unchanged)
  }

  @Test func everythingElseMatters() {
    let weight = Self.weight
    func replaced(
      _ elements: [Float] = (0..<6).map { Float($0 + 1) }, shape: [Int] = [2, 3],
      dimensions: [String] = ["input", "output"], isExtendable: Bool = false
    ) -> SHA256Digest {
      hash {
        $0[weight] = HDF5Dataset(
          elements, shape: shape, dimensions: dimensions, isExtendable: isExtendable)
      }
    }
    #expect(replaced() == unchanged)
    let changes = [
      replaced([1, 2, 3, 4, 5, 7]), replaced([1, 2, 3, 4, 5, Float(6).nextUp]),
      replaced(shape: [3, 2]), replaced(shape: [6], dimensions: ["input"]),
      replaced(dimensions: []), replaced(dimensions: ["output", "input"]),
      replaced(isExtendable: true),
      hash { $0[weight]?.attributes["a"] = .integer(1) },
      hash { $0[weight]?.attributes["a"] = .double(1) },
      hash { $0[weight]?.attributes["a"] = .string("1") },
      hash { $0[weight]?.attributes["b"] = .integer(1) },
      hash { $0[group: "/rates_raw"].attributes["parameterization"] = .string("softplus") },
      hash { $0[group: "/model"].attributes["content_sha256"] = .string("not the root's") },
      hash { $0[group: "/"].attributes["format"] = .string("x") },
      hash { $0[group: "/empty"] = HDF5Group() },
      hash { $0["/provenance2"] = HDF5Dataset(scalar: 1.0) },
      hash { $0["/model/000_dense/bias"] = HDF5Dataset([] as [Float]) },
      hash { $0["/model/000_dense/bias"] = HDF5Dataset([] as [Double]) },
      hash { $0["/progress/meta_step"] = HDF5Dataset(scalar: Int32(1)) },
      hash { $0["/progress/meta_step"] = nil },
    ]
    #expect(Set(changes + [unchanged]).count == changes.count + 1)
  }

  @Test func aFileSaysWhatItsTreeSaid() throws {
    let decoded = try HDF5Image.decode(HDF5Image.encode(Self.tree))
    #expect(ContentHash.digest(of: decoded) == unchanged)
  }

  /// Computed in Python from the grammar of `ContentHash` alone, with struct and hashlib.
  @Test func theGrammarIsAsDocumented() {
    var tree = HDF5Tree()
    tree[group: "/"].attributes = [
      "b": .double(0.5), "a": .string("é"), "c": .integer(-1), "content_sha256": .string("x"),
    ]
    tree["/g/x"] = HDF5Dataset([1, -2] as [Int32], dimensions: ["n"], isExtendable: true)
    tree["/provenance/json"] = HDF5Dataset(text: "{}")
    #expect(
      ContentHash.digest(of: tree).hex
        == "9b951c4736af9ae5adbec6ecacf97626e8f7bd30fce6b64534dd2e62659baa73")
  }
}
