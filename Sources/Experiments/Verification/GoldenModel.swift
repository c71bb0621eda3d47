import MetaLearning
import Settings
import TensorPrograms

/// What a golden case trains: a network, or a quadratic function.
struct GoldenModel {
  /// A network of the case's form, whose weights do not matter; nil for a quadratic function.
  let template: (any SupervisedModel)?
  /// What one example, its answer and its tokens look like.
  let examples: ExampleForm

  /// The path of a quadratic function's only tensor.
  static let quadraticWeight = "000_quadratic/weight"

  /// ½ Σ c (w − t)² of so many weights.
  static func quadratic(_ count: Int) -> GoldenModel {
    GoldenModel(
      template: nil, examples: ExampleForm(inputs: [count], outputs: count, scalar: .float64))
  }

  /// A model as configurations choose it, for examples of a form.
  static func network(
    _ kind: some ModelKind, for examples: ExampleForm
  ) throws(GoldenCaseError) -> GoldenModel {
    do {
      let drawing = try kind.drawing(for: examples)
      return GoldenModel(template: drawing.template(), examples: examples)
    } catch {
      throw .malformed("\(error.key.isEmpty ? "model" : error.key): \(error)")
    }
  }

  /// The weights that a case must have.
  var weights: [(name: String, shape: Shape)] {
    guard let template else { return [(Self.quadraticWeight, examples.inputs)] }
    return zip(template.paths, template.tensors).map { ($0.description, $1.shape) }
  }

  /// The network that has named tensors for weights and state; nil for a quadratic function.
  func network(of parameters: NamedTensors) -> (any SupervisedModel)? {
    guard let template else { return nil }
    return template.replacing(
      weights: template.paths.map { parameters[$0.description] }, state: parameters.stateValues)
  }

  /// The tensors with what their axes run over in the network, beside the state that it starts with.
  func naming(_ tensors: NamedTensors) -> NamedTensors {
    guard let template else { return tensors }
    let axes = zip(template.paths.map(\.description), template.axes)
    return tensors.naming(Dictionary(uniqueKeysWithValues: axes)).keeping(stateOf: template)
  }
}
