import Configurations
import Experiments
import MetaLearning
import Settings
import TestSupport
import Testing

@Suite("Models in configurations")
struct ModelReadingTests {
  @Test(
    "every model is read, and written so that it reads the same",
    arguments: [
      ("{ activation: relu }", "digits", PerceptronKind(activation: .relu)),
      (
        "{ hidden: [3], normalization: layer }", "digits",
        PerceptronKind(hidden: [3], normalization: .layer)
      ),
      ("convolutional", "digits", ConvolutionalKind(filters: [16, 32], activation: .relu)),
      (
        "{ kind: convolutional, filters: [2, 3, 4], activation: tanh }", "digits",
        ConvolutionalKind(filters: [2, 3, 4], activation: .tanh)
      ),
      ("{ kind: convolutional, filters: [] }", "digits", ConvolutionalKind(filters: [])),
      ("logisticRegression", "digits", LogisticRegression()),
      ("{ kind: linearRegression }", "sinusoid", LinearRegression()),
      (
        "{ kind: layers, layers: [{ dense: 8 }, { activation: tanh }, { residual: [layerNorm, { dense: "
          + "{ units: 8 } }] }, { repeat: 3, layers: [{ dropout: 0.5 }] }, { kind: dense, units: 4 }] }",
        "digits",
        LayeredKind(layers: [
          DenseLayer(units: 8), ActivationLayer(.tanh),
          ResidualLayer(layers: [LayerNormalizationLayer(), DenseLayer(units: 8)]),
          RepeatedLayers(times: 3, layers: [DropoutLayer(rate: 0.5)]), DenseLayer(units: 4),
        ])
      ),
      (
        "{ kind: transformer, width: 8, causal: true }", "digits",
        TransformerKind(width: 8, causal: true)
      ),
      ("linearRegression", "{ kind: table, file: x }", LinearRegression()),
    ] as [(String, String, any ModelKind)])
  func reads(text: String, task: String, model: any ModelKind) throws {
    let read = try shortConfiguration("model: \(text)\n", task: task)
    #expect(written(read.model) == written(model))
    #expect(try RunConfiguration(json: read.canonicalJSON, in: .standard) == read)
  }

  @Test("a regression decides a table's loss where the task does not say")
  func loss() throws {
    let task = "{ kind: table, file: x }"
    #expect(
      written(try shortConfiguration("model: linearRegression\n", task: task).task)
        == written(TableKind(file: "x", loss: .meanSquaredError)))
    #expect(
      written(try shortConfiguration("model: { kind: logisticRegression }\n", task: task).task)
        == written(TableKind(file: "x", loss: .crossEntropy)))
  }

  @Test(
    "layers with parameters are counted",
    arguments: [
      (PerceptronKind(hidden: [4, 4]), 3),
      (PerceptronKind(hidden: [4, 4], normalization: .layer), 5),
      (ConvolutionalKind(filters: [4, 4]), 5),
      (LinearRegression(), 1),
    ] as [(any ModelKind, Int)])
  func layers(model: any ModelKind, count: Int) { #expect(model.layerCount == count) }

  static let impossible = Refusal.table(
    """
    model: { kind: convolutional, filters: 16 }
    → run.yaml:3:40: model.filters: found 16, expected a list of layer sizes; write [16]

    model: { kind: convolutional, filters: [4, 4, 4, 4, 4] }
    → run.yaml:3:40: model.filters: found 5 layers, expected at most 3: each halves the 8×8 pixels; remove 2

    model: { kind: convolutional, hidden: [4] }
    → run.yaml:3:31: model.hidden: found a key that model convolutional does not have, expected kind, filters or activation; hidden belongs to model mlp or gru

    model: linearRegression
    → run.yaml:3:8: model: found linearRegression, whose loss is meanSquaredError, expected another, such as mlp or logisticRegression, for the task digits, whose loss is crossEntropy

    model: { normalization: batch }
    → run.yaml:3:25: model.normalization: found "batch", expected a normalization: none or layer
    """)

  @Test("a model that cannot learn the digits", arguments: impossible)
  func refuses(refusal: Refusal) {
    #expect(errorText(of: "name: a\ntask: digits\n" + refusal.found) == refusal.message)
  }

  @Test("a model that cannot learn another task")
  func refusesOthers() {
    #expect(
      errorText(of: "name: a\ntask: sinusoid\nmodel: convolutional")
        == "run.yaml:3:8: model: found convolutional, which reads images, beside examples of "
        + "shape [1], expected examples of shape [height, width] or [height, width, channels]; or "
        + "another model, such as mlp")
    #expect(
      errorText(
        of: "name: a\ntask: { kind: table, file: x, loss: meanSquaredError }\n"
          + "model: logisticRegression")
        == "run.yaml:3:8: model: found logisticRegression, whose loss is crossEntropy, expected "
        + "another, such as mlp or linearRegression, for the task table, whose loss is meanSquaredError; or set "
        + "task.loss=crossEntropy")
  }
}
