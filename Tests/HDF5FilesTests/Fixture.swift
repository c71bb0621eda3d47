import Files
import HDF5Files
import Testing

/// Files that other programs wrote.
enum Fixture {
  /// A file of the folder `Fixtures`, made by `make_fixtures.py` there.
  static func bytes(_ name: String) throws -> [UInt8] {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    return try RegularFile.read("/\(folder)/Fixtures/\(name).h5", limit: 1 << 20)
  }

  /// A file of the folder `shared` that lies beside the repository, if it is there.
  static func shared(_ path: String) -> [UInt8]? {
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    return try? RegularFile.read("/\(root)/shared/\(path)", limit: 1 << 24)
  }
}

/// A tree with every type, shapes from scalar to empty, attributes and named axes.
func exampleTree() -> HDF5Tree {
  var tree = HDF5Tree()
  tree[group: "/"].attributes = [
    "format": .string("example"), "number": .integer(-7), "real": .double(.nan),
  ]
  tree["/types/uint8"] = HDF5Dataset([0, 1, 255] as [UInt8])
  tree["/types/int32"] = HDF5Dataset([.min, 0, .max] as [Int32])
  tree["/types/int64"] = HDF5Dataset([.min, 0, .max] as [Int64])
  tree["/types/float32"] = HDF5Dataset([-0.0, .infinity, .leastNonzeroMagnitude] as [Float])
  tree["/types/float64"] = HDF5Dataset([-0.0, .pi, .nan] as [Double])
  tree["/shapes/scalar"] = HDF5Dataset(scalar: 2.5)
  tree["/shapes/empty"] = HDF5Dataset([] as [Float])
  tree["/shapes/empty_matrix"] = HDF5Dataset([] as [Int32], shape: [3, 0, 2])
  tree["/shapes/cube"] = HDF5Dataset((0..<24).map(Int64.init), shape: [2, 3, 4])
  tree["/shapes/large"] = HDF5Dataset((0..<500_001).map(Float.init))
  tree[group: "/no members"] = HDF5Group()
  tree["/model/000_dense/weight"] = HDF5Dataset(
    (0..<12).map(Float.init), shape: [4, 3], attributes: ["unit": .string("µ")],
    dimensions: ["input", "output"])
  tree["/model/000_dense/bias"] = HDF5Dataset([1, 2, 3] as [Float], dimensions: ["output"])
  tree["/scalars/meta_step"] = HDF5Dataset(
    [1, 2] as [Int64], dimensions: ["meta_step"], isExtendable: true)
  tree["/scalars/loss"] = HDF5Dataset(
    [0.5, 0.25] as [Double], dimensions: ["meta_step"], isExtendable: true)
  tree["/scalars/none_yet"] = HDF5Dataset([] as [Double], shape: [0, 5], isExtendable: true)
  return tree
}
