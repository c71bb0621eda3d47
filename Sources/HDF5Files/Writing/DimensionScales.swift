import CHDF5

/// The named axes of a tree as HDF5 dimension scales, as netCDF-4 and xarray understand them.
///
/// A name that is a dataset of its group makes that dataset the scale; any other name gets a scale
/// that has a length and no values, marked as netCDF marks its own, and which readers hide.
struct DimensionScales {
  /// How netCDF marks a scale without values.
  static let markOfLength = "This is a netCDF dimension but not a netCDF variable."

  private struct Scale {
    var length: Int
    var isExtendable: Bool
    /// The dataset and the axis that first named it, for messages.
    let origin: String
    let isCoordinate: Bool
  }

  private let scales: [String: Scale]
  private let attachments: [(dataset: String, axis: Int, scale: String)]

  /// Collects the scales, or says where names contradict one another.
  init(of tree: HDF5Tree) throws(HDF5Error) {
    var scales: [String: Scale] = [:]
    var attachments: [(dataset: String, axis: Int, scale: String)] = []
    for path in tree.paths {
      guard let dataset = tree.datasets[path] else { continue }
      for (axis, name) in dataset.dimensions.enumerated() {
        let scale = HDF5Path.join(HDF5Path.parent(of: path), name)
        let use = Scale(
          length: dataset.shape[axis], isExtendable: dataset.isExtendable && axis == 0,
          origin: path, isCoordinate: tree.datasets[scale] != nil)
        try Self.validate(use, named: name, at: scale, in: tree)
        if let known = scales[scale], known.length != use.length {
          throw HDF5Error(
            .invalid, "name axis \(axis) of", at: path,
            found: "\(use.length) for the dimension \(name)",
            expected: "\(known.length) as in \(known.origin)")
        }
        scales[scale, default: use].isExtendable =
          use.isExtendable || scales[scale]?.isExtendable == true
        if scale != path { attachments.append((path, axis, scale)) }
      }
    }
    self.scales = scales
    self.attachments = attachments
  }

  private static func validate(
    _ use: Scale, named name: String, at path: String, in tree: HDF5Tree
  ) throws(HDF5Error) {
    func refuse(_ found: String, _ expected: String) -> HDF5Error {
      HDF5Error(
        .invalid, "use dimension \(path) in", at: use.origin, found: found, expected: expected)
    }
    if let problem = HDF5Path.problem(withComponent: name) { throw refuse(problem, "a name") }
    if tree.groups[path] != nil { throw refuse("a group of that name", "a free name") }
    guard let coordinate = tree.datasets[path] else { return }
    if coordinate.shape != [use.length] {
      throw refuse("a dataset of shape \(coordinate.shape)", "[\(use.length)]")
    }
    if coordinate.dimensions != [name] {
      throw refuse("a dataset with dimensions \(coordinate.dimensions)", "[\"\(name)\"]")
    }
  }

  func write(to file: hid_t, links: hid_t) throws(HDF5Error) {
    for (path, scale) in scales.sorted(by: { HDF5Path.precedes($0.key, $1.key) }) {
      try write(scale, to: path, file: file, links: links)
    }
    for (path, axis, scale) in attachments {
      let action = "name axis \(axis) of"
      let dataset = try HDF5Library.check(H5Dopen2(file, path, chdf5_default()), action, at: path)
      defer { H5Dclose(dataset) }
      let names = try HDF5Library.check(H5Dopen2(file, scale, chdf5_default()), action, at: path)
      defer { H5Dclose(names) }
      try HDF5Library.check(H5DSattach_scale(dataset, names, UInt32(axis)), action, at: path)
    }
  }

  private func write(
    _ scale: Scale, to path: String, file: hid_t, links: hid_t
  ) throws(HDF5Error) {
    let identifier: hid_t
    let title: String
    if scale.isCoordinate {
      title = HDF5Path.name(of: path)
      identifier = try HDF5Library.check(
        H5Dopen2(file, path, chdf5_default()), "open the scale", at: path)
    } else {
      let length = String(scale.length)
      title = Self.markOfLength + String(repeating: " ", count: max(0, 10 - length.count)) + length
      let layout = StorageLayout(
        shape: [scale.length], byteCount: HDF5ScalarType.float32.byteCount,
        isExtendable: scale.isExtendable)
      identifier = try DatasetWriter(file: file, links: links).create(
        path, type: .float32, shape: [scale.length], isExtendable: scale.isExtendable,
        layout: scale.isExtendable ? layout : nil)
    }
    defer { H5Dclose(identifier) }
    try HDF5Library.check(H5DSset_scale(identifier, title), "make a scale of", at: path)
  }
}
