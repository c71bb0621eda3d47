import HDF5Files

/// The hash of what a file says, whatever bytes HDF5 chose to say it with.
///
/// It covers every field of every group and dataset outside `/provenance`, where times and host
/// facts live, except the root's attribute that holds the hash; so equal states give equal hashes
/// on any machine and with any version of HDF5.
///
/// What is hashed, in which integers have 8 bytes, little-endian, and a string is the number of its
/// UTF-8 bytes followed by them:
///
///     content    := string("metarate-content-1") count group* count dataset*
///     group      := string(path) attributes
///     dataset    := string(path) string(type) count length* extendable count string(dimension)*
///                   attributes count byte*
///     attributes := count (string(name) value)*
///     value      := 0 string | 1 integer | 2 bits of a double
///
/// Groups, datasets and attributes are in the order of the bytes of their paths or names;
/// `extendable` is 0 or 1; types are named `uint8`, `int32`, `int64`, `float32`, `float64`.
package enum ContentHash {
  /// The root's attribute that holds the hash as hexadecimal digits.
  package static let attribute = "content_sha256"
  /// The group that the hash leaves out.
  package static let provenance = "/provenance"

  /// The hash of a tree.
  package static func digest(of tree: HDF5Tree) -> SHA256Digest {
    var content = Content()
    content.add("metarate-content-1")
    let groups = tree.groups.keys.filter(isCovered).sorted(by: HDF5Path.precedes)
    content.add(groups.count)
    for path in groups {
      var attributes = tree[group: path].attributes
      if path == "/" { attributes[attribute] = nil }
      content.add(path)
      content.add(attributes)
    }
    let paths = tree.paths.filter(isCovered)
    content.add(paths.count)
    for path in paths {
      guard let dataset = tree[path] else { continue }
      content.add(path)
      content.add(dataset)
    }
    return content.hash.digest()
  }

  private static func isCovered(_ path: String) -> Bool {
    !HDF5Path.contains(provenance, path)
  }
}

/// The stream of the grammar above.
private struct Content: ~Copyable {
  var hash = SHA256()

  mutating func add(_ integer: Int) {
    add(UInt64(bitPattern: Int64(integer)))
  }

  mutating func add(_ bits: UInt64) {
    hash.update((0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) })
  }

  mutating func add(_ text: String) {
    let bytes = Array(text.utf8)
    add(bytes.count)
    hash.update(bytes)
  }

  mutating func add(_ attributes: [String: HDF5Attribute]) {
    add(attributes.count)
    for name in attributes.keys.sorted(by: HDF5Path.precedes) {
      add(name)
      switch attributes[name] {
      case .string(let text):
        add(0)
        add(text)
      case .integer(let integer):
        add(1)
        add(UInt64(bitPattern: integer))
      case .double(let number):
        add(2)
        add(number.bitPattern)
      case nil: break
      }
    }
  }

  mutating func add(_ dataset: HDF5Dataset) {
    add(dataset.type.rawValue)
    add(dataset.shape.count)
    for length in dataset.shape { add(length) }
    add(dataset.isExtendable ? 1 : 0)
    add(dataset.dimensions.count)
    for name in dataset.dimensions { add(name) }
    add(dataset.attributes)
    add(dataset.bytes.count)
    hash.update(dataset.bytes)
  }
}
