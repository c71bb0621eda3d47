import MetaLearning
import Settings
import TensorPrograms

/// The datasets `inputs` and `targets` of an HDF5 file.
public struct HDF5Kind: TaskKind {
  /// The file's path.
  public var file: String
  /// Fractions of the rows.
  public var split: TableSplit
  /// What is made small, where the model does not decide.
  private var writtenLoss: LossFunction

  /// The word for it.
  public static let word = "hdf5"
  /// File, split, loss.
  public static let schema = TableSplit.schema("a table of one's own: an HDF5 file", \Self.split)
    .adding(
      Setting(
        "file", \.file, .file("the path of an HDF5 file"),
        "an HDF5 file with the datasets inputs and targets", mustBeWritten: true),
      Setting(
        "loss", \.writtenLoss, .word("a loss"),
        "what is made small; a regression's own unless written"))

  /// A quarter each for validation and test, and the cross-entropy, unless said otherwise.
  public init(
    file: String, validation: Double = 0.25, test: Double = 0.25,
    loss: LossFunction = .crossEntropy
  ) {
    self.file = file
    split = TableSplit(validation: validation, test: test)
    writtenLoss = loss
  }

  /// So many rows at a time.
  public var evaluatesInBatches: Bool { true }
  /// What the choice of test rows follows from.
  public var splitSeed: UInt64? {
    get { split.seed }
    set { split.seed = newValue ?? 0 }
  }
  /// Each run cuts its rows anew from those that are not for testing.
  public var testRunsTrainOn: String { "batches of their own, of rows that learning saw" }
  /// The configured one.
  public var loss: LossFunction? { writtenLoss }

  /// A regression decides the loss where the configuration does not.
  public mutating func settle(beside model: any ModelKind, _ written: Written) {
    guard !written.contains("loss"), let own = model.loss else { return }
    writtenLoss = own
  }

  /// The file's table learned by the configured model.
  public func task(_ context: TaskContext) throws -> any LearningTask {
    try ExampleTable(file: file, loss: writtenLoss, context.scalar)
      .task(context, loss: writtenLoss, split)
  }
}
