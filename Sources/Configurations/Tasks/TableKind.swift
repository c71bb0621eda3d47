import MetaLearning
import Settings
import TensorPrograms

/// A table of one's own: a file of arrays or of columns, which a configured model learns.
public struct TableKind: TaskKind {
  /// The file's path.
  public var file: String
  /// What in it a model sees and answers with.
  public var contents: TableContents
  /// What each row counts.
  public var weights: String?
  /// What each class counts.
  public var classWeights: ClassWeights
  /// Files of rows for the test alone.
  public var testFile: String?
  /// The file of their targets, where that is another one.
  public var testTargetsFile: String?
  /// The dataset of rows to train on, or the column that marks them; nil for all that are left.
  public var trainingRows: String?
  /// The same for rows that every run is evaluated on; nil for a fraction.
  public var validationRows: String?
  /// The same for rows that only report; nil for a fraction.
  public var testRows: String?
  /// A dataset or column: rows that have the same there are never on two sides of a cut.
  public var groups: String?
  /// Fractions of the rows.
  public var split: TableSplit
  /// What is made small, where the model does not decide.
  private var writtenLoss: LossFunction

  /// The word for it.
  public static let word = "table"
  /// What it was called while HDF5 was the only format.
  public static let formerWords = ["hdf5"]
  /// Files, what is in them, split, loss.
  public static let schema = TableSplit.schema(
    "a table of one's own: an HDF5, .npz, safetensors, CSV, .npy or IDX file", \Self.split
  ).adding(
    Setting(
      "file", \.file, .file("the path of a file"),
      "the file, in any of these formats, known by its first bytes", mustBeWritten: true)
  ).adding(TableContents.schema(\Self.contents)).adding(
    Setting(
      "weights", \.weights, .optional(.text), "a dataset or column: what each row counts in losses"),
    Setting(
      "classWeights", \.classWeights, .classWeights, "what the rows of each class count in losses"),
    Setting(
      "testFile", \.testFile, .optional(.file("the path of a file")),
      "a file of rows that only report, in the form of the file and in place of a fraction"),
    Setting(
      "testTargetsFile", \.testTargetsFile, .optional(.file("the path of a file")),
      "the file of their targets, where that is another one"),
    Setting(
      "trainingRows", \.trainingRows, .optional(.text),
      "a dataset of row numbers from 0, or a column of 0 and 1: rows to train on, and no others"),
    Setting(
      "validationRows", \.validationRows, .optional(.text),
      "the same for rows that every run is evaluated on, in place of a fraction"),
    Setting(
      "testRows", \.testRows, .optional(.text),
      "the same for rows that only report, in place of a fraction"),
    Setting(
      "groups", \.groups, .optional(.text),
      "a dataset or column: rows that are equal there, such as those of one patient, stay together"),
    Setting("loss", \.writtenLoss, .loss, "what is made small; a regression's own unless written")
  )

  /// A quarter each for validation and test, and the cross-entropy, unless said otherwise.
  public init(
    file: String, validation: Double = 0.25, test: Double = 0.25,
    loss: LossFunction = .crossEntropy
  ) {
    self.file = file
    (contents, classWeights) = (TableContents(), .none)
    split = TableSplit(validation: validation, test: test)
    writtenLoss = loss
  }

  /// Settings that exclude each other.
  public func conflict(with use: TaskUse, _ written: Written) -> Conflict? {
    conflict?.within("task")
  }

  private var conflict: Conflict? {
    if testFile != nil, testRows != nil {
      return Conflict("testRows", "found testRows beside testFile, expected one of them")
    }
    if testFile != nil, (contents.targetsFile == nil) != (testTargetsFile == nil) {
      let (has, lacks) =
        contents.targetsFile == nil
        ? ("testTargetsFile", "targetsFile") : ("targetsFile", "testTargetsFile")
      return Conflict("testFile", "found \(has) without \(lacks), expected both or neither; add it")
    }
    if testFile == nil, testTargetsFile != nil {
      return Conflict(
        "testTargetsFile", "found it without testFile, expected both; add task.testFile")
    }
    if groups != nil, validationRows != nil, testRows != nil || testFile != nil {
      return Conflict(
        "groups", "found groups beside rows that are all given, expected one of them; remove groups"
      )
    }
    if classWeights != .none, !writtenLoss.isOfClasses {
      return Conflict(
        "classWeights",
        "found weights of classes beside loss \(writtenLoss.word), expected the loss crossEntropy")
    }
    return nil
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
    try TableReading(self, writtenLoss, context).table().task(context, loss: writtenLoss, split)
  }
}

/// What the rows of each class count.
public enum ClassWeights: Sendable, Equatable {
  /// The same.
  case none
  /// Inversely as many as there are among the rows that are not for testing, 1 on average over these.
  case balanced
  /// A number for each class.
  case given([Double])
}

extension Form<ClassWeights> {
  /// `none`, `balanced`, or `given` with numbers.
  static var classWeights: Form {
    .choice(
      "weights of classes",
      [
        Alternative("none", .none, "all rows count the same"),
        Alternative("balanced", .balanced, "all classes count the same"),
        Alternative(
          "given", [1.0], "a number for each class",
          Setting(
            "weights", \.self, .list(of: .number(.nonnegative)), "the numbers, from class 0 on"),
          value: { .given($0) },
          payload: { if case .given(let weights) = $0 { weights } else { nil } }),
      ])
  }
}
