import Checkpoints
import Configurations
import Files
import HDF5Files

/// Datasets of a checkpoint in a file of their own, also where the rest of it is damaged.
package struct CheckpointExtract {
  /// How many datasets were written.
  package let count: Int
  /// What is wrong with the checkpoint, or cannot be read of it; none where it is intact.
  package let problems: [String]

  /// Reads what can be read of a file and writes it to another.
  ///
  /// - Parameters:
  ///   - path: the checkpoint.
  ///   - groups: what is taken of it, such as `/rates`; all where there are none.
  ///   - output: the new file, which must not be there.
  /// - Throws: where nothing can be read, or the groups are not there.
  package init(_ path: String, groups: [String], to output: String) throws {
    guard try !RunFolder.has(output) else { throw RunError.fileInTheWay(path: output) }
    let (tree, passedOver) = try CheckpointFile.survey(path)
    var problems = passedOver.map { "\(path): \($0)" }
    do {
      try CheckpointSeal.checkpoint.verify(tree, at: path)
    } catch {
      problems.append("\(error)")
    }
    let extract = try CheckpointExtract.part(of: tree, groups, of: path)
    try AtomicFile.write(try HDF5Image.encode(extract), to: output)
    (count, self.problems) = (extract.datasets.count, problems)
  }

  /// The datasets below groups, with the attributes of the groups and of the root, but for the seal: that
  /// is of the whole.
  private static func part(
    of tree: HDF5Tree, _ groups: [String], of path: String
  ) throws -> HDF5Tree {
    var part = HDF5Tree()
    let names = groups.isEmpty ? ["/"] : groups
    for name in names {
      let below = tree.datasets(under: name)
      if let dataset = tree[name] { part[name] = dataset }
      guard !below.isEmpty || tree[name] != nil else {
        throw DataError.unsuitable(
          path: path, found: "nothing at \(name)",
          expected: "a group or dataset: see `metarate inspect`")
      }
      let prefix = name == "/" ? "" : name
      for (rest, dataset) in below { part["\(prefix)/\(rest)"] = dataset }
    }
    for (group, value) in tree.groups where part.groups[group] != nil { part[group: group] = value }
    let seal = part[group: "/"].attributes.removeValue(forKey: "content_sha256")
    part[group: "/"].attributes["format"] = .string("metarate-extract")
    part[group: "/"].attributes["extracted_from"] = seal
    return part
  }
}
