import ArrayFiles

/// What was read of a table's file, and of that of its targets.
struct TableParts {
  /// The file of the targets, and of columns that are asked for beside them.
  let file: TableFile
  /// [rows, …], with the channels of images last.
  var inputs: NumberArray
  /// [rows, …].
  var targets: ArrayValue
  /// Whether the inputs might be images with channels first.
  let isLayoutAmbiguous: Bool
  private let transposes: Bool

  /// How many rows there are.
  var rows: Int { inputs.shape[0] }

  /// Reads files.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - contents: what in it is wanted.
  ///   - others: names of columns that will be asked for, and are not inputs of a CSV file.
  ///   - least: how many rows there must be.
  init(
    _ path: String, _ contents: TableContents, also others: [String], least: Int = 4
  ) throws(DataError) {
    let masks = contents.missing == .mask
    let named = contents.inputs ?? ["inputs"]
    let file = try TableFile(
      path, wanting: named + (contents.targetsFile == nil ? contents.targets + others : []))
    if file.isMATLAB, contents.transpose == nil {
      throw file.unsuitable(
        "a file of MATLAB 7.3, which has all axes in reverse order",
        "task.transpose=true for arrays as they are in MATLAB, or false for them as they lie in the "
          + "file"
      )
    }
    if file.isSingle, contents.targetsFile == nil {
      throw file.unsuitable(
        "one array alone", "task.targetsFile with the file of the targets, such as MNIST's labels")
    }
    let other = try contents.targetsFile.map { path throws(DataError) in
      try TableFile(path, wanting: contents.targets + others)
    }
    self.file = other ?? file
    transposes = contents.transpose == true
    // Before inputs, which are all other columns of a CSV file.
    targets = try self.file.value(contents.targets, "targets", allowsMissing: masks)
      .turned(transposes)
    var names = named
    if let columns = file.columns, contents.inputs == nil {
      let taken = Set(contents.targets + others)
      names = columns.filter { !taken.contains($0) }
    }
    let value = try file.value(names, "inputs", allowsMissing: masks, asRows: true)
    guard let inputs = value.turned(transposes).numbers else {
      throw file.unsuitable("inputs that are texts", "numbers")
    }
    guard (2...4).contains(inputs.shape.count), inputs.shape[0] >= least,
      inputs.shape.allSatisfy({ $0 >= 1 })
    else {
      throw file.unsuitable(
        "inputs of shape \(inputs.shape)",
        "shape [rows, features], [rows, height, width] or [rows, height, width, channels] with at "
          + "least 4 rows")
    }
    guard targets.shape.first == inputs.shape[0] else {
      throw self.file.unsuitable(
        "targets of shape \(targets.shape)", "\(inputs.shape[0]) rows, as inputs have")
    }
    isLayoutAmbiguous = contents.layout == nil && ImageLayout.isAmbiguous(inputs.shape)
    self.inputs = inputs
    if contents.layout == .channelsFirst {
      guard inputs.shape.count == 4 else {
        throw file.unsuitable(
          "inputs of shape \(inputs.shape) beside task.layout=NCHW",
          "[rows, channels, height, width]; remove the layout")
      }
      self.inputs = inputs.permuted([0, 2, 3, 1])
    }
  }

  /// A column with one value for each row; nil where it has no name.
  ///
  /// - Parameters:
  ///   - name: the column or dataset.
  ///   - setting: the setting that names it.
  func column(_ name: String?, _ setting: String) throws(DataError) -> ArrayValue? {
    guard let name else { return nil }
    let value = try file.value([name], setting, allowsMissing: false).turned(transposes)
    guard value.shape == [rows] || value.shape == [rows, 1] else {
      throw file.unsuitable(
        "\(setting) of shape \(value.shape)", "[\(rows)], one for each row")
    }
    return value
  }
}

extension ArrayValue {
  /// The numbers; nil where they are texts.
  var numbers: NumberArray? {
    if case .numbers(let array) = self { array } else { nil }
  }

  /// The same value with its axes in reverse order, where that is wanted and they are numbers.
  fileprivate func turned(_ isWanted: Bool) -> ArrayValue {
    guard isWanted, let array = numbers else { return self }
    return .numbers(array.permuted(array.shape.indices.reversed()))
  }

  /// What stands in each row of a column, as a text: whole numbers without a fraction.
  var rowTexts: [String] {
    switch self {
    case .texts(let texts, _): texts
    case .numbers(let array):
      (0..<array.count).map { row in
        Int(exactly: array[row]).map { "\($0)" } ?? "\(array[row])"
      }
    }
  }
}
