import HDF5Files

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
