import CHDF5

/// Reads the attributes of an open group or dataset that are one string, integer or real number.
enum AttributeReader {
  private final class Names {
    var names: [String?] = []
    let limit: Int
    init(limit: Int) { self.limit = limit }
  }

  static func attributes(
    of object: hid_t, at path: String, limit: Int
  ) throws(HDF5Error) -> [String: HDF5Attribute] {
    let list = Names(limit: limit)
    var position: hsize_t = 0
    let status = H5Aiterate2(
      object, H5_INDEX_NAME, H5_ITER_INC, &position,
      { _, name, _, context in
        guard let name, let context else { return -1 }
        let list = Unmanaged<Names>.fromOpaque(context).takeUnretainedValue()
        guard list.names.count < list.limit else { return 1 }
        list.names.append(String(validatingCString: name))
        return 0
      }, Unmanaged.passUnretained(list).toOpaque())
    try HDF5Library.check(status, "list the attributes of", at: path)
    guard status == 0 else {
      throw HDF5Error(
        .limit, "list the attributes of", at: path, found: "too many",
        expected: "at most \(limit)")
    }
    var attributes: [String: HDF5Attribute] = [:]
    for case let name? in list.names where !HDF5Attribute.reservedNames.contains(name) {
      attributes[name] = try attribute(name, of: object, at: path)
    }
    return attributes
  }

  /// The attribute, or nil if it is of a kind that Swift has no value for here.
  static func attribute(
    _ name: String, of object: hid_t, at path: String
  ) throws(HDF5Error) -> HDF5Attribute? {
    let action = "read attribute \(name) of"
    let attribute = try HDF5Library.check(
      H5Aopen(object, name, chdf5_default()), action, at: path)
    defer { H5Aclose(attribute) }
    let space = try HDF5Library.check(H5Aget_space(attribute), action, at: path)
    defer { H5Sclose(space) }
    // netCDF writes single numbers as arrays of one.
    guard H5Sget_simple_extent_npoints(space) == 1 else { return nil }
    let type = try HDF5Library.check(H5Aget_type(attribute), action, at: path)
    defer { H5Tclose(type) }

    switch H5Tget_class(type) {
    case H5T_INTEGER, H5T_ENUM:
      guard H5Tget_size(type) <= 8 else { return nil }
      if H5Tget_size(type) == 8, H5Tget_sign(type) == H5T_SGN_NONE {
        var value: UInt64 = 0
        try HDF5Library.check(H5Aread(attribute, chdf5_uint64(), &value), action, at: path)
        return Int64(exactly: UInt64(littleEndian: value)).map(HDF5Attribute.integer)
      }
      var value: Int64 = 0
      try HDF5Library.check(H5Aread(attribute, chdf5_int64(), &value), action, at: path)
      return .integer(Int64(littleEndian: value))
    case H5T_FLOAT:
      guard H5Tget_size(type) <= 8 else { return nil }
      var bits: UInt64 = 0
      try HDF5Library.check(H5Aread(attribute, chdf5_float64(), &bits), action, at: path)
      return .double(Double(bitPattern: UInt64(littleEndian: bits)))
    case H5T_STRING:
      return try text(attribute, type: type, action: action, path: path).map(HDF5Attribute.string)
    default:
      return nil
    }
  }

  /// The text, or nil if it is not UTF-8 or of varying length.
  private static func text(
    _ attribute: hid_t, type: hid_t, action: String, path: String
  ) throws(HDF5Error) -> String? {
    // Strings of varying length lie in HDF5's global heap, which has no checksum, and where one
    // flipped bit crashes the library.
    guard try HDF5Library.check(H5Tis_variable_str(type), action, at: path) == 0 else { return nil }
    let size = H5Tget_size(type)
    guard size <= 1 << 20 else { return nil }
    var bytes = [UInt8](repeating: 0, count: size)
    try HDF5Library.check(H5Aread(attribute, type, &bytes), action, at: path)
    var end = bytes.firstIndex(of: 0) ?? bytes.endIndex
    if H5Tget_strpad(type) == H5T_STR_SPACEPAD {
      while end > 0, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
    }
    return String(validating: bytes[..<end], as: UTF8.self)
  }
}
