import Settings
import TensorPrograms

/// What configurations list to build a model of: the settings of a layer, which becomes one when
/// the form of its inputs is known.
public protocol LayerKind: Kind {
  /// How to draw layers for inputs of a form.
  ///
  /// - Throws: `ModelError` where there is no such layer.
  func drawing(for input: LayerInput) throws(ModelError) -> LayerDrawing
  /// Whether it normalizes by the statistics of the very batch that is evaluated; false by default.
  var isTransductive: Bool { get }
}

extension LayerKind {
  /// It does not.
  public var isTransductive: Bool { false }
}

/// What one input of a layer looks like.
public struct LayerInput: Sendable, Equatable {
  /// Its shape, without the axis of the batch: [features], [positions, features] or [height, width,
  /// channels]; [positions] of tokens.
  public var shape: Shape
  /// The type of weights, and of inputs that are not tokens.
  public var scalar: ScalarType
  /// How many different tokens there are, where the input is tokens (int32 numbers from 0); nil where
  /// it is numbers.
  public var tokens: Int?

  /// An input of a form.
  public init(_ shape: Shape, _ scalar: ScalarType, tokens: Int? = nil) {
    self.shape = shape
    self.scalar = scalar
    self.tokens = tokens
  }

  /// Numbers along the last axis.
  var features: Int { shape[shape.rank - 1] }

  /// Refuses tokens, and shapes of another rank.
  ///
  /// - Parameters:
  ///   - layer: what reads them, with its article.
  ///   - rank: how many axes there must be; nil for any.
  ///   - form: which these are, in words.
  func require(_ layer: String, rank: Int? = nil, _ form: String) throws(ModelError) {
    guard tokens == nil else {
      throw ModelError(
        found: "\(layer) behind tokens of shape \(shape)",
        expected: "\(form); put embedding before it")
    }
    guard rank == nil || shape.rank == rank else {
      throw ModelError(
        found: "\(layer) behind outputs of shape \(shape)", expected: form + advice(toward: rank))
    }
  }

  private func advice(toward rank: Int?) -> String {
    switch (shape.rank, rank) {
    case (2..., 1): "; put flatten or mean before it"
    case (3, 2): "; put sequence before it"
    default: ""
    }
  }
}

/// How layers of one kind are drawn for inputs of one form.
public struct LayerDrawing: Sendable {
  /// The shape of one answer, without the axis of the batch.
  public let outputs: Shape
  /// A layer with fresh weights.
  public let draw: @Sendable (inout RandomStream) -> any Layer

  /// A way to draw layers that give answers of a shape.
  public init(outputs: Shape, _ draw: @escaping @Sendable (inout RandomStream) -> any Layer) {
    self.outputs = outputs
    self.draw = draw
  }
}

extension Family<any LayerKind> {
  /// What models are built of.
  public static var layers: Self { Family("a layer") { $0 } }
}

extension Laboratory {
  /// What models may be built of.
  public var layers: Registry<any LayerKind> {
    get { self[.layers] }
    set { self[.layers] = newValue }
  }
}
