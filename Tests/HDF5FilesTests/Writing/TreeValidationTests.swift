import HDF5Files
import Testing

@Suite struct TreeValidationTests {
  private func refusal(_ change: (inout HDF5Tree) -> Void) -> HDF5Error? {
    var tree = HDF5Tree()
    change(&tree)
    return #expect(throws: HDF5Error.self) { try HDF5Image.encode(tree) }
  }

  private let vector = HDF5Dataset([1, 2] as [Float])

  @Test(arguments: ["a//b", "a/", "/", "a/../b", ".", "a\0b"])
  func badPathsAreRefused(path: String) {
    #expect(refusal { $0[path] = vector }?.kind == .invalid)
  }

  @Test func aDatasetHasNoMembers() {
    let error = refusal {
      $0["/a"] = vector
      $0["/a/b"] = vector
    }
    #expect(error?.found == "both a group and a dataset")
  }

  @Test(arguments: ["", "CLASS", "DIMENSION_LIST", "a\0"])
  func badAttributeNamesAreRefused(name: String) {
    #expect(refusal { $0[group: "/"].attributes[name] = .integer(1) }?.kind == .invalid)
  }

  @Test(arguments: ["zero\0byte", String(repeating: "x", count: 60_001)])
  func badTextsAreRefused(text: String) {
    #expect(refusal { $0[group: "/"].attributes["text"] = .string(text) }?.kind == .invalid)
  }

  @Test func onlyAnAxisCanBeExtended() {
    #expect(
      refusal { $0["/x"] = HDF5Dataset([1] as [Float], shape: [], isExtendable: true) }?.kind
        == .invalid)
    #expect(
      refusal { $0["/x"] = HDF5Dataset([] as [Float], shape: [2, 0], isExtendable: true) }?.kind
        == .invalid)
  }

  @Test func dimensionsThatContradictOneAnotherAreRefused() {
    let three = HDF5Dataset([1, 2, 3] as [Float], dimensions: ["n"])
    let two = HDF5Dataset([1, 2] as [Float], dimensions: ["n"])
    let lengths = refusal {
      $0["/g/a"] = three
      $0["/g/b"] = two
    }
    #expect(lengths?.description.contains("/g/b") == true)
    #expect(lengths?.expected == "3 as in /g/a")
    let group = refusal {
      $0["/g/a"] = three
      $0["/g/n/x"] = two
    }
    #expect(group?.found == "a group of that name")
    let rank = refusal {
      $0["/g/a"] = three
      $0["/g/n"] = HDF5Dataset([1, 2, 3] as [Float], shape: [3, 1])
    }
    #expect(rank?.found == "a dataset of shape [3, 1]")
    let coordinate = refusal {
      $0["/g/a"] = three
      $0["/g/n"] = HDF5Dataset([1, 2, 3] as [Float])
    }
    #expect(coordinate?.found == "a dataset with dimensions []")
    let count = refusal { $0["/g/a"] = HDF5Dataset([1] as [Float], dimensions: ["a", "b"]) }
    #expect(count?.kind == .invalid)
  }
}
