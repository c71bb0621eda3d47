import CHDF5

/// One axis of the dataset at an address in the file.
struct AxisReference: Hashable {
  let dataset: haddr_t
  let axis: Int
}

/// Reads what the dimension-scale convention says about a dataset.
///
/// The convention's own library follows references without looking at them first; here they are
/// only compared with the addresses of datasets that were visited. Each scale lists the axes it
/// belongs to in its checksummed header. What each dataset lists lies in HDF5's global heap, which
/// has no checksum, and where one flipped bit crashes the library: it is never read.
enum DimensionReader {
  /// What a dataset is to the axes of others.
  enum Scale {
    /// Nothing.
    case none
    /// The values along an axis.
    case coordinate
    /// A name and a length without values.
    case length
  }

  static func scale(of object: hid_t, at path: String) throws(HDF5Error) -> Scale {
    guard try has("CLASS", object, at: path),
      try AttributeReader.attribute("CLASS", of: object, at: path) == .string("DIMENSION_SCALE")
    else { return .none }
    guard try has("NAME", object, at: path),
      let title = try AttributeReader.attribute("NAME", of: object, at: path)?.stringValue
    else { return .coordinate }
    return title.hasPrefix(DimensionScales.markOfLength) ? .length : .coordinate
  }

  /// The axes that a scale belongs to.
  static func references(
    of scale: hid_t, at path: String, limit: Int
  ) throws(HDF5Error) -> [AxisReference] {
    let action = "read the axes of the scale"
    guard try has("REFERENCE_LIST", scale, at: path) else { return [] }
    let attribute = try HDF5Library.check(
      H5Aopen(scale, "REFERENCE_LIST", chdf5_default()), action, at: path)
    defer { H5Aclose(attribute) }
    let space = try HDF5Library.check(H5Aget_space(attribute), action, at: path)
    defer { H5Sclose(space) }
    let count = H5Sget_simple_extent_npoints(space)
    guard (1...Int64(max(1, limit))).contains(count), try isReferenceList(attribute, at: path)
    else {
      return []
    }

    let type = try HDF5Library.check(
      H5Tcreate(H5T_COMPOUND, MemoryLayout<Entry>.stride), action, at: path)
    defer { H5Tclose(type) }
    try HDF5Library.check(
      H5Tinsert(type, "dataset", 0, chdf5_object_reference()), action, at: path)
    try HDF5Library.check(H5Tinsert(type, "dimension", 8, chdf5_int64()), action, at: path)
    var entries = [Entry](repeating: Entry(), count: Int(count))
    try HDF5Library.check(H5Aread(attribute, type, &entries), action, at: path)
    return entries.map {
      AxisReference(dataset: $0.dataset, axis: Int(clamping: Int64(littleEndian: $0.axis)))
    }
  }

  /// An element of the list in memory.
  private struct Entry {
    var dataset: hobj_ref_t = 0
    var axis: Int64 = 0
  }

  /// Whether an attribute's elements are pairs of an object reference and a number.
  private static func isReferenceList(
    _ attribute: hid_t, at path: String
  ) throws(HDF5Error) -> Bool {
    let type = try HDF5Library.check(
      H5Aget_type(attribute), "find the type of REFERENCE_LIST of", at: path)
    defer { H5Tclose(type) }
    guard H5Tget_class(type) == H5T_COMPOUND else { return false }
    for (name, expected) in [("dataset", H5T_REFERENCE), ("dimension", H5T_INTEGER)] {
      let index = H5Tget_member_index(type, name)
      guard index >= 0, H5Tget_member_class(type, UInt32(index)) == expected else { return false }
      let member = H5Tget_member_type(type, UInt32(index))
      guard member >= 0 else { return false }
      defer { H5Tclose(member) }
      // A reference to a region is longer, and lies in the global heap.
      guard H5Tget_size(member) <= 8 else { return false }
      if expected == H5T_REFERENCE, H5Tequal(member, chdf5_object_reference()) <= 0 { return false }
    }
    return true
  }

  private static func has(
    _ name: String, _ object: hid_t, at path: String
  ) throws(HDF5Error) -> Bool {
    try HDF5Library.check(H5Aexists(object, name), "look for attribute \(name) of", at: path) > 0
  }
}
