import Files
import MetaLearning
import Settings
import TensorPrograms

/// The next token of a text.
public struct SequenceKind: TaskKind {
  /// What a token is.
  public enum Unit: String, Sendable, CaseIterable {
    /// A Unicode character (scalar value) of UTF-8 text.
    case character
    /// A byte of any file.
    case byte
  }

  /// The file's path.
  public var file: String
  /// What a token is.
  public var unit: Unit
  /// Positions of a window, at each of which the next token is asked for.
  public var positions: Int
  /// Windows that a run is evaluated on.
  public var windows: Int
  /// Fraction of the text that each run keeps from training.
  public var validation: Double
  /// Fraction of the text, its end, that only reports.
  public var test: Double

  /// Bytes that a text may have, and different tokens.
  private static let (mostBytes, mostTokens) = (1 << 28, 1 << 16)

  /// The word for it.
  public static let word = "sequence"
  /// File, tokens, windows, split.
  public static let schema = Schema<Self>(
    "the next token at each position of a text",
    Setting("file", \.file, .file("the path of a text"), "the text", mustBeWritten: true),
    Setting("unit", \.unit, .word("a unit"), "what a token is"),
    Setting(
      "positions", \.positions, .integer(1...100_000), unit: "tokens",
      "of a window, at each of which the next token is asked for"),
    Setting(
      "windows", \.windows, .integer(1...100_000),
      "windows that a run is evaluated on, evenly spaced"),
    Setting(
      "validation", \.validation, .number(.between0And1),
      "fraction of the text that each run keeps from training, to be evaluated on"),
    Setting("test", \.test, .number(.belowOne), "fraction of the text, its end, that only reports")
  ).refusing { task, _ in
    task.validation + task.test < 1
      ? nil
      : Conflict(
        "validation", task.validation, " beside test \(task.test)", expected: "a sum below 1",
        advice: "training gets the rest")
  }

  /// Windows of 64 characters, a tenth each for validation and test, unless said otherwise.
  public init(file: String) {
    self.file = file
    (unit, positions, windows) = (.character, 64, 32)
    (validation, test) = (0.1, 0.1)
  }

  /// Tokens are told apart by the cross-entropy.
  public var loss: LossFunction? { .crossEntropy }
  /// One that reads tokens.
  public var startingModel: any ModelKind { TransformerKind() }
  /// So many windows at a time.
  public var evaluatesInBatches: Bool { true }
  /// Each run keeps another stretch from training.
  public var testRunsTrainOn: String { "windows of their own, of text that learning saw" }

  /// The file's text learned by the configured model.
  public func task(_ context: TaskContext) throws -> any LearningTask {
    let (tokens, count) = try read()
    let form = ExampleForm(
      positions: positions, tokens: count, outputs: count, answersEach: true,
      scalar: context.scalar)
    try check(tokens.count, reportsOnTest: context.reportsOnTest)
    return try task(context.model, tokens, form, context.evaluation)
  }

  private func task(
    _ model: some ModelKind, _ tokens: [Int32], _ form: ExampleForm,
    _ evaluation: EvaluationSpecification
  ) throws(DataError) -> any LearningTask {
    do throws(ModelError) {
      let drawing = try model.drawing(for: form)
      guard drawing.template().isCausal(for: form) else {
        throw ModelError(
          found: "\(type(of: model).word) whose answers see the tokens that they are asked for",
          expected: "one that reads from the first token to the last: causal attention, or gru")
      }
      return SequenceTask(
        tokens: tokens, positions: positions, windows: windows, validation: validation, test: test,
        scalarType: form.scalar, evaluation: evaluation, model: drawing.draw)
    } catch {
      let place = error.key.isEmpty ? "" : " in model.\(error.key)"
      throw DataError.unsuitable(
        path: file, found: error.found + place, expected: error.expected)
    }
  }

  /// The text's tokens, numbered in the order of their codes, and how many different ones there are.
  private func read() throws(DataError) -> (tokens: [Int32], count: Int) {
    let bytes: [UInt8]
    do {
      bytes = try RegularFile.read(file, limit: Self.mostBytes, followingLinks: true)
    } catch {
      throw .unreadable(path: file, reason: "\(error)")
    }
    let codes: [UInt32]
    switch unit {
    case .byte: codes = bytes.map { UInt32($0) }
    case .character:
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .unsuitable(
          path: file, found: "bytes that are no UTF-8", expected: "text; or unit: byte")
      }
      codes = text.unicodeScalars.map(\.value)
    }
    let numbers = Dictionary(
      uniqueKeysWithValues: Set(codes).sorted().enumerated().map { ($1, Int32($0)) })
    guard numbers.count <= Self.mostTokens else {
      throw .unsuitable(
        path: file, found: "\(numbers.count) different characters",
        expected: "at most \(Self.mostTokens); or unit: byte")
    }
    return (codes.compactMap { numbers[$0] }, numbers.count)
  }

  /// Refuses a text that is too short for its windows.
  private func check(_ count: Int, reportsOnTest: Bool) throws(DataError) {
    let least = SequenceTask<LayeredModel>.leastTokens(positions: positions)
    let tested = Int((test * Double(count)).rounded())
    func refuse(_ found: String, _ needed: Int) -> DataError {
      .unsuitable(
        path: file, found: found,
        expected:
          "at least \(needed) for windows of \(positions) positions; a longer text, or fewer "
          + "task.positions")
    }
    if count - tested < least.pool {
      throw refuse("\(count - tested) tokens to train on and to be evaluated on", least.pool)
    }
    if (reportsOnTest || test > 0) && tested < least.test {
      throw refuse("\(tested) tokens for the test (task.test \(test))", least.test)
    }
  }
}

extension SupervisedModel {
  /// Whether an answer depends on tokens at its position and before alone.
  fileprivate func isCausal(for form: ExampleForm) -> Bool {
    guard let tokens = form.tokens, let positions = form.inputs.extents.first, positions > 1 else {
      return true
    }
    func answers(lastToken: Int) -> [Double] {
      let read = [Double](repeating: 0, count: positions - 1) + [Double(lastToken)]
      let outputs = self(Tensor(read, TensorType([1, positions], .int32)))
      return Array(outputs.doubles.dropLast(form.outputs))
    }
    return answers(lastToken: 0) == answers(lastToken: tokens - 1)
  }
}
