import ArrayFiles
import HDF5Files
import MetaLearning
import TensorPrograms

/// Makes a table of examples of what a user's files hold and a configuration says of it.
struct TableReading {
  private let kind: TableKind
  private let loss: LossFunction
  private let context: TaskContext
  private var masks: Bool { kind.contents.missing == .mask }

  init(_ kind: TableKind, _ loss: LossFunction, _ context: TaskContext) {
    (self.kind, self.loss, self.context) = (kind, loss, context)
  }

  private func unsuitable(_ found: String, _ expected: String) -> DataError {
    .unsuitable(path: kind.file, found: found, expected: expected)
  }

  /// The table.
  func table() throws(DataError) -> ExampleTable {
    let others = [kind.weights, kind.groups, kind.trainingRows, kind.validationRows, kind.testRows]
      .compactMap { $0 }
    let main = try TableParts(kind.file, kind.contents, also: others)
    var (inputs, targets) = (main.inputs, main.targets)
    var weights = try main.column(kind.weights, "weights")
    var groups = try main.column(kind.groups, "groups")
    var testRows: [Int32]?
    if let path = kind.testFile {
      var contents = kind.contents
      contents.targetsFile = kind.testTargetsFile
      let test = try TableParts(path, contents, also: others, least: 1)
      testRows = (main.rows..<main.rows + test.rows).map(Int32.init)
      inputs = try joined(.numbers(inputs), .numbers(test.inputs), "inputs").numbers ?? inputs
      targets = try joined(targets, test.targets, "targets")
      if let first = weights, let second = try test.column(kind.weights, "weights") {
        weights = try joined(first, second, "weights")
      }
      if let first = groups, let second = try test.column(kind.groups, "groups") {
        groups = try joined(first, second, "groups")
      }
    }
    let rows = inputs.shape[0]
    var notes: [String] = []
    let answers = try answers(targets, rows: rows, &notes)
    let division = try division(
      main.file, candidates: answers.rows, fileRows: main.rows, testFileRows: testRows,
      groups: groups.map(groupNumbers))
    let training = division.pool + (division.givenValidation ?? [])
    let tensor = try InputTensor(
      inputs, scale: kind.contents.scale, masks: masks, training: training, context.scalar,
      unsuitable)
    notes += tensor.notes
    var table = ExampleTable(
      source: kind.file, inputs: tensor.values, targets: answers.targets, outputs: answers.outputs)
    table.weights = try exampleWeights(weights, answers, rows: rows, training: training)
    table.division = division
    table.isLayoutAmbiguous = main.isLayoutAmbiguous
    table.notes = notes
    return table
  }

  // MARK: Files

  private func joined(
    _ first: ArrayValue, _ second: ArrayValue, _ what: String
  ) throws(DataError) -> ArrayValue {
    let path = kind.testFile ?? kind.file
    guard first.shape.dropFirst() == second.shape.dropFirst() else {
      throw .unsuitable(
        path: path, found: "\(what) of shape \(second.shape)",
        expected: "\(what) as in \(kind.file), of shape \(first.shape) but for the rows")
    }
    let shape = [first.shape[0] + second.shape[0]] + first.shape.dropFirst()
    switch (first, second) {
    case (.numbers(let one), .numbers(let other)):
      return one.type == other.type
        ? .numbers(NumberArray(type: one.type, shape: shape, bytes: one.bytes + other.bytes))
        : .numbers(NumberArray(one.convertedToDouble() + other.convertedToDouble(), shape: shape))
    case (.texts(let one, _), .texts(let other, _)): return .texts(one + other, shape: shape)
    default:
      throw .unsuitable(
        path: path, found: "\(what) of another type", expected: "\(what) as in \(kind.file)")
    }
  }

  // MARK: Targets

  /// Targets as a loss wants them.
  private struct Answers {
    let targets: Tensor
    let outputs: Int
    /// Rows that have targets.
    let rows: [Int32]
    /// The class of each row.
    var classes: [Int32?]?
    /// 0 where a number is missing.
    var mask: [Double]?
  }

  private func answers(
    _ value: ArrayValue, rows: Int, _ notes: inout [String]
  ) throws(DataError) -> Answers {
    let all = (0..<rows).map(Int32.init)
    let isOfNames = value.numbers == nil
    guard loss.isOfClasses || isOfNames && loss == .binaryCrossEntropy else {
      return try numbers(value, rows: all)
    }
    let labels = try ClassLabels(
      value, most: max(rows, ExampleTable.usualClasses), allowsMissing: masks, unsuitable)
    guard labels.count >= 1 else { throw unsuitable("no class", "a class for each row") }
    if let names = labels.names {
      let shown = names.prefix(20).enumerated().map { "\($0) \($1)" }.joined(separator: ", ")
      notes.append("classes by name: \(shown)\(names.count > 20 ? ", …" : "")")
    }
    let present = Set(labels.classes.compactMap { $0 })
    let absent = (0..<labels.count).filter { !present.contains(Int32($0)) }
    if !absent.isEmpty {
      notes.append(
        "classes without rows: \(absent.prefix(20).map(String.init).joined(separator: ", "))"
          + (absent.count > 20 ? ", …" : "") + " of \(labels.count)")
    }
    let kept = all.filter { labels.classes[Int($0)] != nil }
    if kept.count < rows {
      notes.append("rows left out, as their class is missing: \(rows - kept.count)")
    }
    if loss == .binaryCrossEntropy {
      guard labels.count == 2 else {
        throw unsuitable("\(labels.count) class names", "two; or task.loss=crossEntropy")
      }
      let ones = labels.classes.map { Double($0 ?? 0) }
      return Answers(
        targets: Tensor(ones, TensorType([rows, 1], context.scalar)), outputs: 1, rows: kept)
    }
    return Answers(
      targets: Tensor(labels.classes.map { $0 ?? 0 }), outputs: labels.count, rows: kept,
      classes: labels.classes)
  }

  private func numbers(_ value: ArrayValue, rows: [Int32]) throws(DataError) -> Answers {
    guard let array = value.numbers else {
      throw unsuitable("targets that are texts", "numbers; or task.loss=crossEntropy for classes")
    }
    let outputs = array.shape.count == 1 ? 1 : array.shape[1]
    guard array.shape.count <= 2, outputs >= 1 else {
      throw unsuitable("targets of shape \(array.shape)", "shape [rows] or [rows, outputs]")
    }
    var mask: [Double]?
    for position in 0..<array.count {
      let number = array[position]
      if number.isNaN, masks {
        if mask == nil { mask = [Double](repeating: 1, count: array.count) }
        mask?[position] = 0
      } else if !number.isFinite || context.scalar == .float32 && !Float(number).isFinite {
        throw InputTensor.refusal(number, position, of: "targets", array.shape, unsuitable)
      } else if loss == .binaryCrossEntropy, !(0...1).contains(number) {
        throw unsuitable("\(number) at element \(position) of targets", "numbers from 0 to 1")
      }
    }
    var position = -1
    let tensor = Tensor(TensorType([rows.count, outputs], context.scalar)) {
      position += 1
      return mask?[position] == 0 ? 0 : array[position]
    }
    return Answers(targets: tensor, outputs: outputs, rows: rows, mask: mask)
  }

  // MARK: Weights

  private func exampleWeights(
    _ value: ArrayValue?, _ answers: Answers, rows: Int, training: [Int32]
  ) throws(DataError) -> Tensor? {
    var weights = [Double](repeating: 1, count: rows)
    if let value {
      guard let array = value.numbers else { throw unsuitable("weights that are texts", "numbers") }
      for row in 0..<rows {
        guard array[row] >= 0, array[row].isFinite else {
          throw unsuitable("the weight \(array[row]) of row \(row)", "a number from 0")
        }
        weights[row] = array[row]
      }
      guard training.contains(where: { weights[Int($0)] > 0 }) else {
        throw unsuitable("weights that are all 0", "some above 0")
      }
    }
    if let classes = answers.classes, kind.classWeights != .none {
      let each = try classWeights(classes, answers.outputs, training)
      for row in 0..<rows { weights[row] *= classes[row].map { each[Int($0)] } ?? 0 }
    }
    guard value != nil || kind.classWeights != .none || answers.mask != nil else { return nil }
    guard let mask = answers.mask else {
      return Tensor(weights, TensorType([rows], context.scalar))
    }
    let width = answers.outputs
    return Tensor(
      mask.indices.map { mask[$0] * weights[$0 / width] },
      TensorType([rows, width], context.scalar))
  }

  private func classWeights(
    _ classes: [Int32?], _ count: Int, _ training: [Int32]
  ) throws(DataError) -> [Double] {
    if case .given(let weights) = kind.classWeights {
      guard weights.count == count, weights.contains(where: { $0 > 0 }) else {
        throw unsuitable(
          "\(count) classes beside \(weights.count) weights in task.classWeights",
          "a weight for each class, not all 0")
      }
      return weights
    }
    var counts = [Int](repeating: 0, count: count)
    for row in training { if let number = classes[Int(row)] { counts[Int(number)] += 1 } }
    let present = counts.filter { $0 > 0 }.count
    return counts.map { $0 == 0 ? 0 : Double(training.count) / Double(present * $0) }
  }

  // MARK: Rows

  private func groupNumbers(_ value: ArrayValue) -> [Int] {
    var numbers: [String: Int] = [:]
    return value.rowTexts.map { key in
      if let number = numbers[key] { return number }
      numbers[key] = numbers.count
      return numbers.count - 1
    }
  }

  /// Row numbers of a dataset: whole numbers from 0, each once; or a mark, 0 or 1, for each row.
  private func rows(
    _ name: String, _ setting: String, in file: TableFile, _ count: Int
  ) throws(DataError) -> [Int32] {
    guard let array = try file.value([name], setting, allowsMissing: false).numbers else {
      throw file.unsuitable("texts in task.\(setting)", "row numbers, or 0 and 1 for each row")
    }
    let numbers = array.convertedToDouble()
    if numbers.count == count, count > 2, numbers.allSatisfy({ $0 == 0 || $0 == 1 }) {
      return numbers.indices.filter { numbers[$0] == 1 }.map(Int32.init)
    }
    var seen: Set<Int32> = []
    for number in numbers {
      guard number == number.rounded(), number >= 0, number < Double(count),
        seen.insert(Int32(number)).inserted
      else {
        throw file.unsuitable(
          "\(number) in task.\(setting)",
          "row numbers from 0 to \(count - 1), each once; or 0 and 1 for each of the \(count) rows")
      }
    }
    return numbers.map { Int32($0) }
  }

  private func division(
    _ file: TableFile, candidates: [Int32], fileRows: Int, testFileRows: [Int32]?, groups: [Int]?
  ) throws(DataError) -> RowDivision {
    func given(_ name: String?, _ setting: String) throws(DataError) -> [Int32]? {
      guard let name else { return nil }
      return try rows(name, setting, in: file, fileRows).filter(Set(candidates).contains)
    }
    let isThere = Set(candidates)
    let named = try given(kind.testRows, "testRows")
    let testRows = testFileRows.map { $0.filter(isThere.contains) } ?? named
    let validationRows = try given(kind.validationRows, "validationRows")
    var candidates = candidates
    if let testFileRows, let first = testFileRows.first { candidates.removeAll { $0 >= first } }
    if let trainingRows = try given(kind.trainingRows, "trainingRows") {
      // What is named nowhere is not used.
      candidates =
        trainingRows + (validationRows ?? []) + (kind.testFile == nil ? testRows ?? [] : [])
    }
    let sets = [("testRows", testRows), ("validationRows", validationRows)]
    if let test = testRows, let validation = validationRows,
      let both = Set(test).intersection(validation).min()
    {
      throw unsuitable("row \(both) in task.testRows and task.validationRows", "it in one of them")
    }
    guard Set(candidates).count == candidates.count else {
      throw unsuitable(
        "rows of task.trainingRows in task.validationRows or task.testRows as well",
        "each row in one")
    }
    for (name, rows) in sets where rows?.isEmpty == true {
      throw unsuitable("no row in task.\(name)", "at least one")
    }
    try checkGroups(groups, candidates, [testRows, validationRows])
    if testRows == nil, validationRows == nil, groups == nil {
      try kind.split.check(
        rows: candidates.count, source: kind.file, reportsOnTest: context.reportsOnTest)
    }
    guard
      let division = RowDivision(
        of: candidates, groups: groups,
        validation: validationRows.map { .rows($0) } ?? .fraction(kind.split.validation),
        test: testRows.map { .rows($0) } ?? .fraction(kind.split.test), seed: kind.split.seed)
    else {
      throw unsuitable(
        "\(candidates.count) rows, of which nothing is left to train on or to be evaluated on",
        groups == nil
          ? "a row of each at least" : "two groups beside those of the test at least")
    }
    guard !context.reportsOnTest || !division.test.isEmpty else {
      throw unsuitable(
        "no test rows to report on",
        "at least 1; write task.test=0.25, task.testRows or task.testFile")
    }
    return division
  }

  /// Rows that are given must not tear groups apart.
  private func checkGroups(
    _ groups: [Int]?, _ candidates: [Int32], _ given: [[Int32]?]
  ) throws(DataError) {
    guard let groups else { return }
    for rows in given {
      guard let rows else { continue }
      let inside = Set(rows)
      let torn = Set(rows.map { groups[Int($0)] })
      if let row = candidates.first(where: {
        !inside.contains($0) && torn.contains(groups[Int($0)])
      }) {
        throw unsuitable(
          "row \(row) in a group of which other rows are given for test or validation",
          "groups of \(kind.groups ?? "") on one side; remove task.groups where that is meant")
      }
    }
  }
}
