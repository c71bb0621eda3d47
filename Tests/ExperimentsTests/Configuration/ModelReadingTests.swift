import Experiments
import MetaLearning
import Testing

@Suite("Models in configurations")
struct ModelReadingTests {
  @Test(
    "every model is read, and written so that it reads the same",
    arguments: [
      ("{ activation: relu }", "digits", ModelConfiguration.mlp(activation: .relu)),
      ("{ hidden: [3], normalization: layer }", "digits", .mlp(hidden: [3], normalization: .layer)),
      ("convolutional", "digits", .convolutional(filters: [16, 32], activation: .relu)),
      (
        "{ kind: convolutional, filters: [2, 3, 4], activation: tanh }", "digits",
        .convolutional(filters: [2, 3, 4], activation: .tanh)
      ),
      ("{ kind: convolutional, filters: [] }", "digits", .convolutional(filters: [])),
      ("logisticRegression", "digits", .logisticRegression),
      ("{ kind: linearRegression }", "sinusoid", .linearRegression),
      ("linearRegression", "{ kind: hdf5, file: x }", .linearRegression),
    ])
  func reads(text: String, task: String, model: ModelConfiguration) throws {
    let read = try shortConfiguration("model: \(text)\n", task: task)
    #expect(read.model == model)
    #expect(try RunConfiguration(json: read.canonicalJSON) == read)
  }

  @Test("a regression decides a table's loss where the task does not say")
  func loss() throws {
    let task = "{ kind: hdf5, file: x }"
    #expect(
      try shortConfiguration("model: linearRegression\n", task: task).task
        == .hdf5(file: "x", loss: .meanSquaredError))
    #expect(
      try shortConfiguration("model: { kind: logisticRegression }\n", task: task).task
        == .hdf5(file: "x", loss: .crossEntropy))
  }

  @Test(
    "layers with parameters are counted",
    arguments: [
      (ModelConfiguration.mlp(hidden: [4, 4]), 3),
      (.mlp(hidden: [4, 4], normalization: .layer), 5), (.convolutional(filters: [4, 4]), 5),
      (.linearRegression, 1),
    ])
  func layers(model: ModelConfiguration, count: Int) { #expect(model.layerCount == count) }

  static let impossible = Refusal.table(
    """
    model: { kind: convolutional, filters: 16 }
    → run.yaml:3:40: model.filters: found 16, expected a list of layer sizes; write [16]

    model: { kind: convolutional, filters: [4, 4, 4, 4, 4] }
    → run.yaml:3:40: model.filters: found 5 layers, expected at most 3: each halves the digits' 8×8 pixels; remove 2

    model: { kind: convolutional, hidden: [4] }
    → run.yaml:3:31: model.hidden: found a key that model convolutional does not have, expected kind, filters or activation; hidden belongs to model mlp

    model: linearRegression
    → run.yaml:3:8: model: found linearRegression, whose loss is meanSquaredError, expected mlp or logisticRegression for the task digits, whose loss is crossEntropy

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
        == "run.yaml:3:8: model: found convolutional, which reads images, expected mlp or "
        + "linearRegression: the task sinusoid has none")
    #expect(
      errorText(
        of: "name: a\ntask: { kind: hdf5, file: x, loss: meanSquaredError }\n"
          + "model: logisticRegression")
        == "run.yaml:3:8: model: found logisticRegression, whose loss is crossEntropy, expected mlp "
        + "or linearRegression for the task hdf5, whose loss is meanSquaredError; or set "
        + "task.loss=crossEntropy")
  }
}
