import HDF5Files
import MetaLearning
import TensorPrograms

/// A table of examples to learn: the digits, or a user's own arrays.
public struct ExampleTable: Sendable {
  /// Pixels of the digits, across and down.
  static let digitsSide = 8
  /// Classes that any table may have. Each gets a column of weights, so that more of them need as many
  /// rows: one number that is wrong would ask for the memory of millions.
  static let usualClasses = 1024

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

  /// What each row, or each of its targets, counts in losses; nil where all count the same.
  public var weights: Tensor?
  /// Which rows are for what; nil where a split's fractions say so.
  var division: RowDivision?
  /// Whether the inputs might be images with channels first.
  var isLayoutAmbiguous = false
  /// What there is to say of the data.
  public var notes: [String] = []

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
    if division == nil {
      try split.check(
        rows: inputs.shape[0], source: source, reportsOnTest: context.reportsOnTest)
    }
    return try task(context.model, loss: loss, split, context)
  }

  private func task(
    _ model: some ModelKind, loss: LossFunction, _ split: TableSplit, _ context: TaskContext
  ) throws(DataError) -> any LearningTask {
    do throws(ModelError) {
      let drawing = try model.drawing(for: form(context.scalar))
      if isLayoutAmbiguous, drawing.inputs.rank == 3 {
        throw ImageLayout.error(inputs.shape.extents)
      }
      let rows = inputs.shape[0]
      let fractions = RowDivision(
        of: (0..<rows).map(Int32.init), validation: .fraction(split.validation),
        test: .fraction(split.test), seed: split.seed)
      guard let division = division ?? fractions else {
        throw ModelError(found: "\(rows) rows", expected: "more, to be divided")
      }
      return SupervisedTask(
        inputs: inputs.reshaped(to: drawing.inputs.prepending(rows)), targets: targets,
        weights: weights, loss: loss, division: division, notes: notes,
        scalarType: context.scalar, evaluation: context.evaluation, model: drawing.draw)
    } catch {
      let place = error.key.isEmpty ? "" : " in model.\(error.key)"
      throw .unsuitable(path: source, found: error.found + place, expected: error.expected)
    }
  }
}
