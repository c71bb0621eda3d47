import Settings
import TensorPrograms

/// What configurations choose to learn a task with: the settings of a model, which becomes one when
/// the form of the examples is known.
public protocol ModelKind: Kind {
  /// What is trained.
  associatedtype Model: SupervisedModel
  /// How to draw models for examples of a form.
  ///
  /// - Throws: `ModelError` where no such model can learn such examples.
  func drawing(for examples: ExampleForm) throws(ModelError) -> ModelDrawing<Model>
  /// The loss that the model is defined by; nil, the default, where it learns by any.
  var loss: LossFunction? { get }
  /// Layers with parameters, the output layer included; nil, the default, where that depends on
  /// the examples.
  var layerCount: Int? { get }
  /// The perceptron that such a model is taught by in the task `teacher`; the usual one by default.
  var teacher: PerceptronKind { get }
  /// Whether layers normalize by the statistics of the very batch that is evaluated, so that
  /// answers depend on what else is in the batch; false by default.
  var isTransductive: Bool { get }
  /// Whether it can read tokens, so that a task that has them gives them as such; false by default.
  var readsTokens: Bool { get }
}

extension ModelKind {
  /// It reads numbers.
  public var readsTokens: Bool { false }
  /// Whatever loss the task has.
  public var loss: LossFunction? { nil }
  /// How many layers there will be is not known.
  public var layerCount: Int? { nil }
  /// The usual one.
  public var teacher: PerceptronKind { PerceptronKind() }
  /// They do not.
  public var isTransductive: Bool { false }
}

/// What examples look like to a model.
public struct ExampleForm: Sendable, Equatable {
  /// The shape of one example: [features], [height, width] or [height, width, channels]; of a
  /// sequence, [positions, features] or, where these are tokens, [positions].
  public var inputs: Shape
  /// Numbers that a model answers with: classes, or targets.
  public var outputs: Int
  /// The type of weights, and of inputs that are not tokens.
  public var scalar: ScalarType
  /// How many different tokens inputs may be (int32 numbers from 0); nil, as usual, where they are
  /// numbers.
  public var tokens: Int?
  /// Whether the first axis of inputs runs over positions.
  public var isSequence: Bool
  /// What a model answers for: one answer to each example where this has no axis, one at each of so
  /// many positions where it has one.
  public var answers: Shape

  /// Examples of the given form.
  public init(inputs: Shape, outputs: Int, scalar: ScalarType) {
    self.inputs = inputs
    self.outputs = outputs
    self.scalar = scalar
    (tokens, isSequence, answers) = (nil, false, .scalar)
  }

  /// Sequences of tokens.
  ///
  /// - Parameters:
  ///   - positions: of a sequence.
  ///   - tokens: how many different ones there are.
  ///   - outputs: classes, or other numbers that a model answers with.
  ///   - answersEach: whether it answers at each position rather than once.
  ///   - scalar: the type of weights.
  public init(
    positions: Int, tokens: Int, outputs: Int, answersEach: Bool, scalar: ScalarType
  ) {
    self.init(inputs: [positions], outputs: outputs, scalar: scalar)
    self.tokens = tokens
    isSequence = true
    if answersEach { answers = [positions] }
  }

  /// Refuses what only layers that know positions can learn.
  func requireRows(_ model: String) throws(ModelError) {
    guard tokens == nil, answers.rank == 0 else {
      throw ModelError(
        found: "\(model), which reads rows of numbers, beside sequences of tokens",
        expected: "a model that reads them: transformer, gru, or layers that begin with embedding")
    }
  }

  /// Numbers of one example.
  public var features: Int { inputs.count }
}

/// How models of one kind are drawn for examples of one form.
public struct ModelDrawing<Model: SupervisedModel>: Sendable {
  /// The shape that the model wants each example in; as many numbers as it has.
  public let inputs: Shape
  /// A model with fresh weights.
  public let draw: @Sendable (inout RandomStream) -> Model

  /// A way to draw models.
  public init(inputs: Shape, _ draw: @escaping @Sendable (inout RandomStream) -> Model) {
    self.inputs = inputs
    self.draw = draw
  }

  /// Some model, to ask for what all that are drawn have in common, such as `drawShapes`.
  public func template() -> Model {
    var stream = RandomStream(seed: 0, purpose: "template")
    return draw(&stream)
  }
}

/// Why a model cannot learn examples of a form.
public struct ModelError: Error, Equatable, CustomStringConvertible {
  /// The setting to blame, such as `filters`; empty for the kind.
  public let key: String
  /// What was found.
  public let found: String
  /// What was expected, and what to do.
  public let expected: String

  /// A mismatch of model and examples.
  public init(_ key: String = "", found: String, expected: String) {
    self.key = key
    self.found = found
    self.expected = expected
  }

  /// In one line.
  public var description: String { "found \(found), expected \(expected)" }
}

extension Family<any ModelKind> {
  /// What learns tasks that leave it open.
  public static var models: Self { Family("a model") { $0 } }
}

extension Laboratory {
  /// What may learn tasks that leave it open.
  public var models: Registry<any ModelKind> {
    get { self[.models] }
    set { self[.models] = newValue }
  }
}
