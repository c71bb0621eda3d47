import CHDF5

/// The links of a group in the order of their names; a name is nil where it is not UTF-8.
final class LinkList {
  private(set) var names: [String?] = []
  private(set) var types: [H5L_type_t] = []
  private let limit: Int

  init(of group: hid_t, at path: String, limit: Int) throws(HDF5Error) {
    self.limit = limit
    var position: hsize_t = 0
    let status = H5Literate(
      group, H5_INDEX_NAME, H5_ITER_INC, &position,
      { _, name, information, context in
        guard let name, let information, let context else { return -1 }
        let list = Unmanaged<LinkList>.fromOpaque(context).takeUnretainedValue()
        guard list.names.count < list.limit else { return 1 }
        list.names.append(String(validatingCString: name))
        list.types.append(information.pointee.type)
        return 0
      }, Unmanaged.passUnretained(self).toOpaque())
    try HDF5Library.check(status, "list", at: path)
    guard status == 0 else {
      throw HDF5Error(
        .limit, "list", at: path, found: "more objects than the limit", expected: "at most \(limit)"
      )
    }
  }

  /// What a link is, for messages.
  static func description(of type: H5L_type_t) -> String {
    switch type {
    case H5L_TYPE_HARD: "a hard link"
    case H5L_TYPE_SOFT: "a soft link"
    case H5L_TYPE_EXTERNAL: "a link to another file"
    default: "a link of unknown type"
    }
  }
}
