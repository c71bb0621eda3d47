import MetaLearning
import Settings
import TensorPrograms

/// The 1797 UCI digits.
public struct DigitsKind: TaskKind {
  /// Fractions of the rows.
  public var split: TableSplit

  /// The word for it.
  public static let word = "digits"
  /// What it is, and how its table is split.
  public static let schema = TableSplit.schema(
    "the 1797 handwritten digits of the UCI repository, 8×8 pixels, ten classes", \Self.split)

  /// A quarter each for validation and test, unless said otherwise.
  public init(validation: Double = 0.25, test: Double = 0.25) {
    split = TableSplit(validation: validation, test: test)
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
  /// Classes are told apart by the cross-entropy.
  public var loss: LossFunction? { .crossEntropy }
  /// 8×8 pixels, ten classes.
  public func examples(_ scalar: ScalarType) -> ExampleForm? {
    ExampleForm(
      inputs: [ExampleTable.digitsSide, ExampleTable.digitsSide], outputs: 10, scalar: scalar)
  }

  /// The digits learned by the configured model.
  public func task(_ context: TaskContext) throws -> any LearningTask {
    try ExampleTable.digits(context.scalar).task(context, loss: .crossEntropy, split)
  }
}
