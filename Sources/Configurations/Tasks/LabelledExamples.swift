import ArrayFiles
import Files
import MetaLearning

/// Examples by their classes, of a table or of archives of images.
struct LabelledExamples {
  /// The examples of one class.
  struct Class {
    /// What the class is called; the group's name and its own, where archives have groups.
    let name: String
    /// The group that it belongs to.
    var group: String?
    /// Its examples.
    var rows: [Int32]
  }

  /// What errors call the files.
  let source: String
  /// [rows, …], with the channels of images last.
  private(set) var inputs: NumberArray
  /// In the order of their numbers, or of their names.
  private(set) var classes: [Class]
  /// Whether the inputs might be images with channels first.
  let isLayoutAmbiguous: Bool
  /// What there is to say of the examples.
  let notes: [String]

  func unsuitable(_ found: String, _ expected: String) -> DataError {
    .unsuitable(path: source, found: found, expected: expected)
  }

  // MARK: Tables

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - contents: what in it is wanted.
  ///   - groups: the column of the groups of classes.
  init(table path: String, _ contents: TableContents, groups: String?) throws(DataError) {
    source = path
    let parts = try TableParts(path, contents, also: [groups].compactMap { $0 })
    (inputs, isLayoutAmbiguous) = (parts.inputs, parts.isLayoutAmbiguous)
    let labels = try ClassLabels(
      parts.targets, most: max(parts.rows, ExampleTable.usualClasses),
      allowsMissing: contents.missing == .mask
    ) { .unsuitable(path: path, found: $0, expected: $1) }
    classes = (0..<labels.count).map { Class(name: labels.names?[$0] ?? "\($0)", rows: []) }
    for (row, number) in labels.classes.enumerated() {
      if let number { classes[Int(number)].rows.append(Int32(row)) }
    }
    let missing = labels.classes.count { $0 == nil }
    notes = missing > 0 ? ["rows left out, as their class is missing: \(missing)"] : []
    classes.removeAll { $0.rows.isEmpty }
    guard let names = try parts.column(groups, "groups")?.rowTexts else { return }
    for index in classes.indices {
      let group = names[Int(classes[index].rows[0])]
      if let other = classes[index].rows.first(where: { names[Int($0)] != group }) {
        throw unsuitable(
          "rows of class \(classes[index].name) in the groups \(group) and \(names[Int(other)])",
          "each class in one group of \(groups ?? "")")
      }
      classes[index].group = group
    }
  }

  // MARK: Archives

  /// Decodes archives of images, whose two innermost folders are groups and their classes.
  ///
  /// - Parameters:
  ///   - archives: their bytes, by their paths.
  ///   - side: pixels of each side that images are brought to; nil leaves them.
  ///   - inverts: whether black becomes 1.
  init(
    archives: [(path: String, bytes: [UInt8])], side: Int?, inverts: Bool
  ) throws(DataError) {
    source = archives.map(\.path).joined(separator: ", ")
    (isLayoutAmbiguous, notes) = (false, [])
    var images: [String: (group: String?, images: [String: NumberArray])] = [:]
    var shape: [Int]?
    for (path, bytes) in archives {
      do throws(ArrayFileError) {
        for entry in try ImageArchive.decode(bytes, side: side) {
          let image = entry.image
          guard let name = entry.path.last, entry.path.count > 1 else {
            throw LabelledExamples.refusal(entry, "no folder", "a folder that is its class")
          }
          if image.shape != shape ?? image.shape {
            throw LabelledExamples.refusal(
              entry, "\(image.shape) pixels", "\(shape ?? []), as others have; or task.side=28")
          }
          shape = image.shape
          let group = entry.path.dropLast(2).last
          let key = [group, entry.path.dropLast().last].compactMap { $0 }.joined(separator: "/")
          let other = images[key, default: (group, [:])].images.updateValue(image, forKey: name)
          // Omniglot's small archives share two alphabets.
          guard other == nil || other == image else {
            throw LabelledExamples.refusal(
              entry, "another image than in an archive before", "the same, or another name")
          }
        }
      } catch {
        throw .damaged(path: path, reason: "\(error)")
      }
    }
    var bytes: [UInt8] = []
    var count: Int32 = 0
    classes = images.sorted { $0.key < $1.key }.map { name, folder in
      let start = count
      for (_, image) in folder.images.sorted(by: { $0.key < $1.key }) {
        bytes += image.bytes
        count += 1
      }
      return Class(name: name, group: folder.group, rows: Array(start..<count))
    }
    let array = NumberArray(type: .float32, shape: [Int(count)] + (shape ?? [0, 0]), bytes: bytes)
    inputs = inverts ? array.inverted() : array
  }

  private static func refusal(
    _ entry: ImageArchive.Entry, _ found: String, _ expected: String
  ) -> ArrayFileError {
    ArrayFileError(
      .invalid, at: "image \(entry.path.joined(separator: "/"))", found: found, expected: expected)
  }

  // MARK: Rotations

  /// Adds the images of some classes, turned by one, two and three quarters, as classes of their
  /// own.
  ///
  /// - Returns: the new classes.
  mutating func addRotations(of turned: [Int]) throws(DataError) -> [Int] {
    let shape = inputs.shape
    guard shape.count >= 3, shape[1] == shape[2] else {
      throw unsuitable(
        "inputs of shape \(shape) beside task.rotations",
        "square images; write task.rotations=false")
    }
    let (side, size) = (shape[1], inputs.type.byteCount * shape.dropFirst(3).reduce(1, *))
    let image = side * side * size
    let first = classes.count
    var bytes = inputs.bytes
    bytes.reserveCapacity(
      bytes.count + 3 * turned.reduce(0) { $0 + classes[$1].rows.count * image })
    for quarters in 1...3 {
      // Where each pixel comes from.
      let pixels = (0..<side).flatMap { y in
        (0..<side).map { x in
          switch quarters {
          case 1: x * side + side - 1 - y
          case 2: (side - 1 - y) * side + side - 1 - x
          default: (side - 1 - x) * side + y
          }
        }
      }
      for index in turned {
        let start = Int32(bytes.count / image)
        for row in classes[index].rows {
          for pixel in pixels {
            let place = Int(row) * image + pixel * size
            bytes += inputs.bytes[place..<place + size]
          }
        }
        classes.append(
          Class(
            name: "\(classes[index].name) turned by \(90 * quarters)°",
            group: classes[index].group,
            rows: Array(start..<Int32(bytes.count / image))))
      }
    }
    inputs = NumberArray(
      type: inputs.type, shape: [bytes.count / image] + shape.dropFirst(), bytes: bytes)
    return Array(first..<classes.count)
  }
}

extension NumberArray {
  /// One minus each number, in single precision.
  fileprivate func inverted() -> NumberArray {
    NumberArray((0..<count).map { Float(1 - self[$0]) }, shape: shape)
  }
}
