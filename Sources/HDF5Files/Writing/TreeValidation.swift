extension HDF5Tree {
  /// Finds whatever HDF5 could not express, or would express as something else.
  func validate() throws(HDF5Error) {
    for (path, group) in groups.sorted(by: { HDF5Path.precedes($0.key, $1.key) }) {
      try Self.validate(path: path)
      if datasets[path] != nil {
        throw HDF5Error(
          .invalid, "write", at: path, found: "both a group and a dataset", expected: "one of them")
      }
      try Self.validate(group.attributes, at: path)
    }
    for path in paths {
      guard let dataset = datasets[path] else { continue }
      try Self.validate(path: path)
      try Self.validate(dataset.attributes, at: path)
      try Self.validate(dataset, at: path)
    }
  }

  private static func validate(path: String) throws(HDF5Error) {
    if let problem = HDF5Path.problem(with: path) {
      throw HDF5Error(
        .invalid, "write", at: path, found: problem, expected: "names separated by slashes")
    }
  }

  private static func validate(_ dataset: HDF5Dataset, at path: String) throws(HDF5Error) {
    // 32 is the library's H5S_MAX_RANK.
    guard dataset.shape.count <= 32 else {
      throw HDF5Error(
        .invalid, "write", at: path, found: "\(dataset.shape.count) axes", expected: "at most 32")
    }
    guard dataset.dimensions.isEmpty || dataset.dimensions.count == dataset.shape.count else {
      throw HDF5Error(
        .invalid, "write", at: path, found: "dimensions \(dataset.dimensions)",
        expected: "a name for each axis of \(dataset.shape)")
    }
    if dataset.isExtendable, dataset.shape.isEmpty || dataset.shape.dropFirst().contains(0) {
      throw HDF5Error(
        .invalid, "write", at: path, found: "an extendable dataset of shape \(dataset.shape)",
        expected: "an axis to extend, and no other of length 0")
    }
    // Without a row yet, nothing else has bounded the others.
    var row = dataset.type.byteCount
    for length in dataset.isExtendable ? dataset.shape.dropFirst() : [] {
      let (next, overflow) = row.multipliedReportingOverflow(by: length)
      guard !overflow, next <= 1 << 40 else {
        throw HDF5Error(
          .invalid, "write", at: path, found: "rows of shape \(dataset.shape.dropFirst())",
          expected: "at most a TiB each")
      }
      row = next
    }
  }

  private static func validate(
    _ attributes: [String: HDF5Attribute], at path: String
  ) throws(HDF5Error) {
    for (name, value) in attributes.sorted(by: { HDF5Path.precedes($0.key, $1.key) }) {
      func refuse(_ found: String, _ expected: String) -> HDF5Error {
        HDF5Error(
          .invalid, "write attribute \(name) of", at: path, found: found, expected: expected)
      }
      if name.isEmpty || name.utf8.contains(0) || HDF5Attribute.reservedNames.contains(name) {
        throw refuse("the name `\(name)`", "one that is not empty or reserved by HDF5")
      }
      guard case .string(let text) = value else { continue }
      if text.utf8.contains(0) { throw refuse("a zero byte", "text without zero bytes") }
      if text.utf8.count > HDF5Attribute.longestString {
        throw refuse(
          "\(text.utf8.count) bytes", "at most \(HDF5Attribute.longestString), or a dataset")
      }
    }
  }
}
