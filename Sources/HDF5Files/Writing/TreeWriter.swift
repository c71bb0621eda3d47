import CHDF5

/// Writes a validated tree into an open file: groups, then datasets, then dimension scales, each in
/// the order of the paths' bytes, so that equal trees give equal files.
struct TreeWriter {
  let file: hid_t
  let tree: HDF5Tree

  func write() throws(HDF5Error) {
    let scales = try DimensionScales(of: tree)
    let links = try HDF5Library.check(chdf5_link_creation(), "describe links of", at: "/")
    defer { H5Pclose(links) }
    try HDF5Library.check(
      H5Pset_char_encoding(links, H5T_CSET_UTF8), "choose the encoding of names of", at: "/")

    for path in tree.groups.keys.sorted(by: HDF5Path.precedes) {
      try writeGroup(path, links: links)
    }
    for path in tree.paths {
      if let dataset = tree.datasets[path] {
        try DatasetWriter(file: file, links: links).write(dataset, to: path)
      }
    }
    try scales.write(to: file, links: links)
  }

  /// Keeps names of links and attributes in headers, which have checksums, however many there are. In
  /// the heap that HDF5 takes from nine on they have none, and a flipped bit there makes it free what it
  /// did not take.
  static func keepChecked(_ creation: hid_t, at path: String) throws(HDF5Error) {
    let most: UInt32 = 4096
    try HDF5Library.check(
      H5Pset_link_phase_change(creation, most, 0), "keep links in the header of", at: path)
    try HDF5Library.check(
      H5Pset_attr_phase_change(creation, most, 0), "keep attributes in the header of", at: path)
  }

  private func writeGroup(_ path: String, links: hid_t) throws(HDF5Error) {
    let creation = try HDF5Library.check(chdf5_group_creation(), "describe group", at: path)
    defer { H5Pclose(creation) }
    try HDF5Library.check(
      H5Pset_obj_track_times(creation, false), "leave time stamps out of", at: path)
    try TreeWriter.keepChecked(creation, at: path)
    // The root exists since the file does.
    let group = try HDF5Library.check(
      path == "/"
        ? H5Gopen2(file, path, chdf5_default())
        : H5Gcreate2(file, path, links, creation, chdf5_default()),
      "create group", at: path)
    defer { H5Gclose(group) }
    try AttributeWriter.write(tree[group: path].attributes, to: group, at: path)
  }
}
