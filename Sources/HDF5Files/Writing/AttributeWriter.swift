import CHDF5

/// Writes attributes into an open group or dataset, in the order of their names' bytes.
enum AttributeWriter {
  static func write(
    _ attributes: [String: HDF5Attribute], to object: hid_t, at path: String
  ) throws(HDF5Error) {
    for name in attributes.keys.sorted(by: HDF5Path.precedes) {
      switch attributes[name] {
      case .integer(let value):
        try write(value, of: chdf5_int64(), named: name, to: object, at: path)
      case .double(let value):
        try write(value, of: chdf5_float64(), named: name, to: object, at: path)
      case .string(let text):
        try write(text, named: name, to: object, at: path)
      case nil: break
      }
    }
  }

  private static func write<Number>(
    _ value: Number, of type: hid_t, named name: String, to object: hid_t, at path: String
  ) throws(HDF5Error) {
    let attribute = try create(name, of: type, on: object, at: path)
    defer { H5Aclose(attribute) }
    let status = withUnsafeBytes(of: value) { H5Awrite(attribute, type, $0.baseAddress) }
    try HDF5Library.check(status, "write attribute \(name) of", at: path)
  }

  private static func write(
    _ text: String, named name: String, to object: hid_t, at path: String
  ) throws(HDF5Error) {
    let bytes = Array(text.utf8) + [0]
    let type = try HDF5Library.check(
      H5Tcopy(chdf5_string()), "describe attribute \(name) of", at: path)
    defer { H5Tclose(type) }
    try HDF5Library.check(H5Tset_size(type, bytes.count), "size attribute \(name) of", at: path)
    try HDF5Library.check(
      H5Tset_cset(type, H5T_CSET_UTF8), "choose the encoding of attribute \(name) of", at: path)
    let attribute = try create(name, of: type, on: object, at: path)
    defer { H5Aclose(attribute) }
    try HDF5Library.check(
      H5Awrite(attribute, type, bytes), "write attribute \(name) of", at: path)
  }

  private static func create(
    _ name: String, of type: hid_t, on object: hid_t, at path: String
  ) throws(HDF5Error) -> hid_t {
    let action = "create attribute \(name) of"
    let creation = try HDF5Library.check(chdf5_attribute_creation(), action, at: path)
    defer { H5Pclose(creation) }
    try HDF5Library.check(H5Pset_char_encoding(creation, H5T_CSET_UTF8), action, at: path)
    let space = try HDF5Library.check(H5Screate(H5S_SCALAR), action, at: path)
    defer { H5Sclose(space) }
    return try HDF5Library.check(
      H5Acreate2(object, name, type, space, creation, chdf5_default()), action, at: path)
  }
}
