import ArrayFiles
import Checkpoints
import Files
import Foundation
import HDF5Files
import TensorPrograms

func fileSamples() throws {
  let folder = FileManager.default.temporaryDirectory.path + "/metarate-samples"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }

  do {
    let path = "\(folder)/my-data.h5"
    var tree = HDF5Tree()
    let inputs: [Float] = [0.5, 1.5, 2.5, 3.5, 4.5, 5.5]
    tree["/inputs"] = HDF5Dataset(inputs, shape: [3, 2])
    tree["/targets"] = HDF5Dataset([0, 1, 1] as [Int64])
    tree[group: "/"].attributes["source"] = .string("measured by hand")

    let bytes = try HDF5Image.encode(tree)
    try Data(bytes).write(to: URL(fileURLWithPath: path))

    let again = try RegularFile.read(path, limit: 1 << 20)
    let read = try HDF5Image.decode(again)
    print(read.paths)  // ["/inputs", "/targets"]
    let targets = try read.elements(of: Int64.self, at: "/targets")
    print(targets)  // [0, 1, 1]
    precondition(read == tree && targets == [0, 1, 1])
  }

  do {
    let arrays = ["rates": NumberArray([0.1, 0.2] as [Float])]
    let bytes = try NPZ.encode(arrays)
    let read = try NPZ.decode(bytes)
    precondition(read == arrays.mapValues(ArrayValue.numbers))
  }

  do {
    let checkpoints = CheckpointFolder("\(folder)/checkpoints")
    if let latest = try checkpoints.latest() {
      for (path, dataset) in latest.tree.datasets(under: "/rates") {
        print(latest.entry.outerStep, path, try dataset.tensor(at: path).shape)
      }
    }
  }
}
