import HDF5Files
import MetaLearning
import TensorPrograms

/// A table of examples to learn: the digits, or a user's own arrays.
public struct ExampleTable: Sendable {
  /// Pixels of the digits, across and down.
  static let digitsSide = 8
  /// Classes that any table may have. Each gets a column of weights, so that more of them need as many
  /// rows: one number that is wrong would ask for the memory of millions.
  private static let usualClasses = 1024

  /// What errors call the table.
  public let source: String
  /// [rows, features], [rows, height, width] or [rows, height, width, channels].
  public let inputs: Tensor
  /// Classes [rows], or numbers [rows, outputs].
  public let targets: Tensor
  /// Classes, or numbers per row.
  public let outputs: Int
  /// How many different tokens inputs [rows, positions] are of; nil where they are numbers.
  public let tokens: Int?

  /// A table of the given arrays.
  public init(source: String, inputs: Tensor, targets: Tensor, outputs: Int, tokens: Int? = nil) {
    self.source = source
    self.inputs = inputs
    self.targets = targets
    self.outputs = outputs
    self.tokens = tokens
  }

  /// The 1797 UCI digits, 8×8 pixels from 0 to 1.
  public static func digits(_ scalar: ScalarType) throws -> ExampleTable {
    let tree = try HDF5Image.decode(embedded: EmbeddedData.digits)
    let pixels = try tree.dataset(at: "/inputs").convertedToDouble()
    let labels = try tree.dataset(at: "/targets").convertedToDouble()
    return ExampleTable(
      source: "the digits",
      inputs: Tensor(
        pixels.map { $0 / 16 }, TensorType([labels.count, digitsSide, digitsSide], scalar)),
      targets: Tensor(labels.map { Int32($0) }), outputs: 10)
  }

  /// The datasets `inputs` and `targets` of a file.
  ///
  /// - Throws: `DataError` where the file cannot be read or the arrays are none to learn.
  public init(file: String, loss: LossFunction, _ scalar: ScalarType) throws {
    let tree: HDF5Tree
    do throws(HDF5Error) {
      tree = try HDF5Image.decode(path: file, selection: ["/inputs", "/targets"])
    } catch {
      throw DataError(reading: file, error)
    }
    func dataset(_ name: String) throws -> HDF5Dataset {
      guard let dataset = tree["/" + name] else {
        throw DataError.unsuitable(
          path: file, found: "no dataset \(name)", expected: "datasets inputs and targets")
      }
      return dataset
    }
    func unsuitable(_ found: String, _ expected: String) -> DataError {
      .unsuitable(path: file, found: found, expected: expected)
    }
    let (x, y) = (try dataset("inputs"), try dataset("targets"))
    guard (2...4).contains(x.shape.count), x.shape[0] >= 4, x.shape.allSatisfy({ $0 >= 1 }) else {
      throw unsuitable(
        "inputs of shape \(x.shape)",
        "shape [rows, features], [rows, height, width] or [rows, height, width, channels] with at "
          + "least 4 rows")
    }
    let rows = x.shape[0]
    guard y.shape.first == rows else {
      throw unsuitable("targets of shape \(y.shape)", "\(rows) rows, as inputs have")
    }
    let (numbers, answers) = (x.convertedToDouble(), y.convertedToDouble())
    for (name, values) in [("inputs", numbers), ("targets", answers)] {
      if let position = values.firstIndex(where: { !$0.isFinite }) {
        throw unsuitable("\(values[position]) at element \(position) of \(name)", "finite numbers")
      }
      if scalar == .float32, let position = values.firstIndex(where: { !Float($0).isFinite }) {
        throw unsuitable(
          "\(values[position]) at element \(position) of \(name)",
          "numbers that single precision holds; or precision=double")
      }
    }
    source = file
    tokens = nil
    inputs = Tensor(numbers, TensorType(Shape(x.shape), scalar))
    switch loss {
    case .crossEntropy:
      guard y.shape.count == 1 else {
        throw unsuitable("targets of shape \(y.shape)", "class numbers of shape [\(rows)]")
      }
      let classes = 0..<Double(max(rows, ExampleTable.usualClasses))
      if let row = answers.firstIndex(where: { $0 != $0.rounded() || !classes.contains($0) }) {
        throw unsuitable(
          "the class \(answers[row]) at element \(row) of targets",
          "whole numbers from 0 to \(Int(classes.upperBound) - 1): as many classes as rows, or "
            + "\(ExampleTable.usualClasses) where those are fewer")
      }
      targets = Tensor(answers.map { Int32($0) })
      outputs = Int(answers.max() ?? 0) + 1
    case .meanSquaredError:
      outputs = y.shape.count == 1 ? 1 : y.shape[1]
      guard y.shape.count <= 2, outputs >= 1 else {
        throw unsuitable("targets of shape \(y.shape)", "shape [rows] or [rows, outputs]")
      }
      targets = Tensor(answers, TensorType([rows, outputs], scalar))
    }
  }
}

extension ExampleTable {
  /// The form of the table's examples.
  private func form(_ scalar: ScalarType) -> ExampleForm {
    guard let tokens else {
      return ExampleForm(inputs: inputs.shape.dropFirst, outputs: outputs, scalar: scalar)
    }
    return ExampleForm(
      positions: inputs.shape[1], tokens: tokens, outputs: outputs, answersEach: false,
      scalar: scalar)
  }

  /// The task of learning the table with the configured model.
  ///
  /// - Throws: `DataError` where the model cannot learn such examples, or the split leaves nothing
  ///   to train on, to evaluate on or to report on.
  public func task(
    _ context: TaskContext, loss: LossFunction, _ split: TableSplit
  ) throws(DataError) -> any LearningTask {
    try split.check(self, reportsOnTest: context.reportsOnTest)
    return try task(context.model, loss: loss, split, context)
  }

  private func task(
    _ model: some ModelKind, loss: LossFunction, _ split: TableSplit, _ context: TaskContext
  ) throws(DataError) -> any LearningTask {
    do {
      let drawing = try model.drawing(for: form(context.scalar))
      return SupervisedTask(
        inputs: inputs.reshaped(to: drawing.inputs.prepending(inputs.shape[0])),
        targets: targets, loss: loss, validation: split.validation, test: split.test,
        splitSeed: split.seed, scalarType: context.scalar, evaluation: context.evaluation,
        model: drawing.draw)
    } catch {
      let place = error.key.isEmpty ? "" : " in model.\(error.key)"
      throw .unsuitable(path: source, found: error.found + place, expected: error.expected)
    }
  }
}
