import CHDF5
import Files

/// Reads an open file into a tree, refusing or passing over what the design does not know.
struct TreeReader {
  private let selection: [String]?
  private let limits: HDF5Limits
  private var tree = HDF5Tree()
  private var visitedGroups: Set<haddr_t> = []
  private var objectCount = 0
  /// What datasets may have in all, and how much of that is left.
  private var budget: ByteBudget
  /// Where each dataset is in the file: what references hold.
  private var addresses: [String: haddr_t] = [:]
  private var axisNames: [AxisReference: String] = [:]
  private let passesOver: Bool
  /// What could not be read, where that is passed over.
  private(set) var passedOver: [HDF5Error] = []

  /// - Parameters:
  ///   - fileBytes: the file's size, which bounds what is believed of what it holds.
  ///   - passesOver: whether what cannot be read is left out and told of afterwards, rather
  ///     than an error.
  init(selection: [String]?, limits: HDF5Limits, fileBytes: Int, passesOver: Bool = false) {
    self.passesOver = passesOver
    self.selection = selection?.map(HDF5Path.canonical)
    self.limits = limits
    budget = ByteBudget(limits.sizes, fileBytes: fileBytes)
  }

  /// The contents of the file.
  mutating func read(_ file: hid_t) throws(HDF5Error) -> HDF5Tree {
    let root = try HDF5Library.check(H5Gopen2(file, "/", chdf5_default()), "open", at: "/")
    defer { H5Gclose(root) }
    try readGroup(root, at: "/", depth: 0)
    for (path, address) in addresses {
      guard let dataset = tree[path], dataset.dimensions.isEmpty else { continue }
      let names = dataset.shape.indices.compactMap {
        axisNames[AxisReference(dataset: address, axis: $0)]
      }
      if names.count == dataset.shape.count { tree[path]?.dimensions = names }
    }
    return tree
  }

  private func isSelected(_ path: String) -> Bool {
    guard let selection else { return true }
    return selection.contains { HDF5Path.contains($0, path) || HDF5Path.contains(path, $0) }
  }

  private mutating func readGroup(
    _ group: hid_t, at path: String, depth: Int
  ) throws(HDF5Error) {
    guard depth <= limits.depth else {
      throw HDF5Error(
        .limit, "open group", at: path, found: "\(depth) groups within one another",
        expected: "at most \(limits.depth)")
    }
    // A group that is its own descendant, by a hard link, would never end.
    guard visitedGroups.insert(try address(of: group, at: path)).inserted else {
      throw HDF5Error(
        .unsupported, "open group", at: path, found: "a second link to one group",
        expected: "one path for each group")
    }
    tree[group: path].attributes = try attributes(of: group, at: path)

    let links = try LinkList(of: group, at: path, limit: limits.objects - objectCount)
    objectCount += links.names.count
    for (name, type) in zip(links.names, links.types) {
      do throws(HDF5Error) {
        try readMember(of: group, at: path, named: name, type, depth: depth)
      } catch  where passesOver {
        passedOver.append(error)
      }
    }
  }

  private mutating func readMember(
    of group: hid_t, at path: String, named name: String?, _ type: H5L_type_t, depth: Int
  ) throws(HDF5Error) {
    guard let name, HDF5Path.problem(withComponent: name) == nil else {
      throw HDF5Error(
        .unsupported, "list", at: path, found: "a name that is not UTF-8 or not a name")
    }
    let member = HDF5Path.join(path, name)
    guard isSelected(member) else { return }
    guard type == H5L_TYPE_HARD else {
      throw HDF5Error(
        .unsupported, "follow", at: member, found: LinkList.description(of: type),
        expected: "a hard link")
    }
    // Swift compares strings by meaning, HDF5 by bytes: é has two spellings.
    guard tree[member] == nil, tree.groups[member] == nil else {
      throw HDF5Error(.unsupported, "open", at: member, found: "two objects of equivalent names")
    }
    try readObject(in: group, named: name, at: member, depth: depth)
  }

  private mutating func readObject(
    in group: hid_t, named name: String, at path: String, depth: Int
  ) throws(HDF5Error) {
    let object = try HDF5Library.check(H5Oopen(group, name, chdf5_default()), "open", at: path)
    defer { H5Oclose(object) }
    switch H5Iget_type(object) {
    case H5I_GROUP: try readGroup(object, at: path, depth: depth + 1)
    case H5I_DATASET: try readDataset(object, at: path)
    default:
      throw HDF5Error(
        .unsupported, "open", at: path, found: "a named type", expected: "a group or a dataset")
    }
  }

  private mutating func readDataset(_ object: hid_t, at path: String) throws(HDF5Error) {
    let scale = selection == nil ? try DimensionReader.scale(of: object, at: path) : .none
    if scale != .none {
      let references = try DimensionReader.references(
        of: object, at: path, limit: 32 * limits.objects)
      for reference in references where axisNames[reference] == nil {
        axisNames[reference] = HDF5Path.name(of: path)
      }
    }
    guard scale != .length else { return }
    var dataset = try DatasetReader.dataset(object, at: path, budget)
    budget.spend(dataset.bytes.count)
    dataset.attributes = try attributes(of: object, at: path)
    if scale == .coordinate, dataset.shape.count == 1 {
      dataset.dimensions = [HDF5Path.name(of: path)]
    }
    addresses[path] = try address(of: object, at: path)
    tree[path] = dataset
  }

  private func attributes(
    of object: hid_t, at path: String
  ) throws(HDF5Error) -> [String: HDF5Attribute] {
    guard selection == nil else { return [:] }
    return try AttributeReader.attributes(of: object, at: path, limit: limits.attributes)
  }

  private func address(of object: hid_t, at path: String) throws(HDF5Error) -> haddr_t {
    var information = H5O_info_t()
    try HDF5Library.check(
      H5Oget_info2(object, &information, UInt32(H5O_INFO_BASIC)), "examine", at: path)
    return information.addr
  }
}
