/// What describes a group; its members are found by their paths in the tree.
public struct HDF5Group: Sendable, Equatable {
  /// By name.
  public var attributes: [String: HDF5Attribute]

  /// A group with the given attributes.
  public init(attributes: [String: HDF5Attribute] = [:]) {
    self.attributes = attributes
  }
}

/// The contents of an HDF5 file: groups and datasets by absolute path.
///
///     var tree = HDF5Tree()
///     tree["/model/000_dense/weight"] = HDF5Dataset([1, 2, 3, 4] as [Float], shape: [2, 2])
///     tree[group: "/"].attributes["format"] = .string("example")
///
/// A path without its leading slash means the same. Nothing is checked here beyond shapes: names
/// and clashes are errors of `HDF5Image.encode`.
public struct HDF5Tree: Sendable, Equatable {
  /// Every group, the ancestors of every dataset and the root among them.
  public private(set) var groups: [String: HDF5Group] = ["/": HDF5Group()]
  /// By path, such as `/rates/000_dense/weight`.
  public private(set) var datasets: [String: HDF5Dataset] = [:]

  /// A tree of an empty root.
  public init() {}

  /// The dataset at a path; setting one makes its groups, setting nil leaves them.
  public subscript(path: String) -> HDF5Dataset? {
    get { datasets[HDF5Path.canonical(path)] }
    set {
      let path = HDF5Path.canonical(path)
      datasets[path] = newValue
      if newValue != nil { addAncestors(of: path) }
    }
  }

  /// The group at a path, one without attributes if there is none; setting one makes its ancestors.
  public subscript(group path: String) -> HDF5Group {
    get { groups[HDF5Path.canonical(path)] ?? HDF5Group() }
    set {
      let path = HDF5Path.canonical(path)
      groups[path] = newValue
      addAncestors(of: path)
    }
  }

  /// The paths of the datasets in the order of their bytes.
  public var paths: [String] { datasets.keys.sorted(by: HDF5Path.precedes) }

  /// The dataset at a path, or an error that names the path.
  public func dataset(at path: String) throws(HDF5Error) -> HDF5Dataset {
    guard let dataset = self[path] else {
      let path = HDF5Path.canonical(path)
      let found = groups[path] == nil ? "nothing of that name" : "a group"
      throw HDF5Error(.missing, "read the dataset", at: path, found: found, expected: "a dataset")
    }
    return dataset
  }

  /// The elements of the dataset at a path, which must have exactly that type and, if one is given,
  /// that shape.
  public func elements<Scalar: HDF5Scalar>(
    of scalar: Scalar.Type, at path: String, shape: [Int]? = nil
  ) throws(HDF5Error) -> [Scalar] {
    let dataset = try dataset(at: path)
    if let shape, shape != dataset.shape {
      throw HDF5Error(
        .mismatch, "read", at: HDF5Path.canonical(path), found: "shape \(dataset.shape)",
        expected: "\(shape)")
    }
    return try dataset.elements(of: scalar, at: HDF5Path.canonical(path))
  }

  /// The datasets below a group with their paths relative to it, in the order of their bytes.
  public func datasets(under group: String) -> [(path: String, dataset: HDF5Dataset)] {
    let group = HDF5Path.canonical(group)
    let prefix = group == "/" ? "/" : group + "/"
    return paths.filter { $0.utf8.starts(with: prefix.utf8) }.compactMap { path in
      datasets[path].map {
        (String(decoding: path.utf8.dropFirst(prefix.utf8.count), as: UTF8.self), $0)
      }
    }
  }

  private mutating func addAncestors(of path: String) {
    var path = path
    while path != "/" {
      path = HDF5Path.parent(of: path)
      if groups[path] == nil { groups[path] = HDF5Group() }
    }
  }
}
