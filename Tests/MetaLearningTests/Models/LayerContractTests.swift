import MetaLearning
import Settings
import TensorPrograms
import Testing

/// What every layer and every model of the laboratory must keep.
@Suite struct LayerContractTests {
  static let layers: [any LayerKind] =
    Laboratory.learning.layers.members + [
      BatchNormalizationLayer(running: 0.2),
      ConvolutionLayer(filters: 4, size: 2, stride: 2, padding: .none, groups: 2),
      AttentionLayer(heads: 2, causal: true, rotary: true),
      ResidualLayer(
        layers: [ConvolutionLayer(filters: 3, stride: 2), DropoutLayer(), ActivationLayer(.elu)],
        shortcut: [ConvolutionLayer(filters: 3, size: 1, stride: 2), BatchNormalizationLayer()]),
      RepeatedLayers(
        times: 2,
        layers: [
          DenseLayer(units: 4),
          ResidualLayer(layers: [LayerNormalizationLayer(), DenseLayer(units: 4)]),
        ]),
    ] + Activation.allCases.map { ActivationLayer($0) }
  static let models: [any ModelKind] = Laboratory.learning.models.members
  private static let batch = 3

  /// A layer for images, or for rows, sequences or tokens where it is for those; its numbers are none
  /// that it begins with.
  private func layer(
    _ kind: any LayerKind
  ) throws -> (layer: any Layer, input: LayerInput, output: Shape) {
    var stream = RandomStream(seed: 1, purpose: "layer contract")
    let inputs = [
      LayerInput([4, 4, 2], .float64), LayerInput([6], .float64), LayerInput([5, 4], .float64),
      LayerInput([5], .float64, tokens: 7),
    ]
    for input in inputs {
      guard let drawing = try? kind.drawing(for: input) else { continue }
      // What is kept begins the same, whatever weights are drawn.
      let layers = (0..<2).map { _ in drawing.draw(&stream) }
      #expect(states(layers[0]) == states(layers[1]))
      return (moved(layers[0], &stream), input, drawing.outputs)
    }
    throw ModelError(
      found: "neither images nor rows, sequences or tokens", expected: "a layer for one of them")
  }

  private func states(_ model: any Trainable) -> [[Double]] { stateTensors(model).map(\.doubles) }

  private func stateTensors(_ model: some Trainable) -> [Tensor] { model.state.tensors }

  private func moved<Structure: ParameterStructure>(
    _ structure: Structure, _ stream: inout RandomStream
  ) -> Structure {
    structure.replacingTensors(
      structure.tensors.map { $0 + normal(TensorType($0.shape, .float64), &stream) * 0.1 })
  }

  private func normal(_ type: TensorType, _ stream: inout RandomStream) -> Tensor {
    Tensor((0..<type.shape.count).map { _ in stream.normal() }, type)
  }

  /// Inputs of a form: numbers, or tokens.
  private func inputs(_ form: LayerInput, _ stream: inout RandomStream) -> Tensor {
    let shape = form.shape.prepending(Self.batch)
    guard let tokens = form.tokens else {
      return normal(TensorType(shape, form.scalar), &stream)
    }
    return Tensor(
      (0..<shape.count).map { _ in Double(stream.integer(below: tokens)) },
      TensorType(shape, .int32))
  }

  private func uniform(_ shape: Shape, _ stream: inout RandomStream) -> Tensor {
    Tensor((0..<shape.count).map { _ in stream.uniform(0, 1) }, TensorType(shape, .float64))
  }

  private func dot(_ a: [Tensor], _ b: [Tensor]) -> Tensor {
    zip(a, b).map { ($0 * $1).sum() }.reduce(.zeros(TensorType(.scalar, .float64))) { $0 + $1 }
  }

  /// First and second derivatives of a training pass against differences, for weights and inputs.
  private func checkDerivatives<Structure: ParameterStructure>(
    _ structure: Structure, inputs: Tensor, draws: [Tensor], _ stream: inout RandomStream,
    _ answer: @escaping @Sendable (inout Structure, Tensor, inout ForwardPass) -> Tensor
  ) {
    let (count, isNumbers) = (structure.tensors.count, inputs.scalarType.isFloatingPoint)
    @Sendable func number(_ point: [Tensor]) -> Tensor {
      var pass = ForwardPass.training(draws)
      var structure = structure.replacingTensors(Array(point.prefix(count)))
      // Tokens have no derivative.
      return answer(&structure, isNumbers ? point[count] : inputs, &pass).sin().sum()
    }
    let point = structure.tensors + (isNumbers ? [inputs] : [])
    // As short as a direction of one number: a longer one would reach the next kink of a relu.
    let length = Double(point.map(\.shape.count).reduce(0, +)).squareRoot()
    let direction = point.map { normal($0.type, &stream) * (1 / length) }
    func at(_ distance: Double) -> [Tensor] { zip(point, direction).map { $0 + distance * $1 } }
    let slope = gradient(at: point, of: number)
    let curve = gradient(at: point) { dot(gradient(at: $0, of: number), direction) }
    let h = 1e-5
    let rise = (number(at(h)).scalar - number(at(-h)).scalar) / (2 * h)
    let found = dot(slope, direction).scalar
    #expect(abs(found - rise) <= 1e-6 * max(1, abs(rise)), "\(found) against \(rise)")
    let bend = zip(gradient(at: at(h), of: number), gradient(at: at(-h), of: number)).map {
      ($0 - $1) / (2 * h)
    }
    for (found, expected) in zip(curve, bend) {
      let scale = max(1, expected.doubles.map(abs).max() ?? 0)
      let gap = zip(found.doubles, expected.doubles).map { abs($0 - $1) }.max() ?? 0
      #expect(gap <= 1e-5 * scale, "second derivatives differ by \(gap) of \(scale)")
    }
  }

  /// Whether the first answer of a batch depends on the other examples.
  private func isTransductive(
    _ inputs: Tensor, _ answer: (Tensor) -> Tensor, _ stream: inout RandomStream
  ) -> Bool {
    let row = inputs.shape.count / inputs.shape[0]
    let fresh =
      inputs.scalarType.isFloatingPoint
      ? normal(inputs.type, &stream).doubles : inputs.doubles.reversed()
    let others = Array(inputs.doubles.prefix(row)) + fresh.dropFirst(row)
    let (one, other) = (answer(inputs), answer(Tensor(others, inputs.type)))
    let width = one.shape.count / one.shape[0]
    return one.doubles.prefix(width) != other.doubles.prefix(width)
  }

  @Test(arguments: layers)
  func layersAreWhatTheySay(_ kind: any LayerKind) throws {
    let (layer, input, output) = try layer(kind)
    func check<Own: Layer>(_ layer: Own) {
      var layer = layer
      var stream = RandomStream(seed: 2, purpose: "layer contract")
      let inputs = inputs(input, &stream)
      let draws = layer.drawShapes(for: input.shape, batch: Self.batch).map {
        uniform($0, &stream)
      }
      var pass = ForwardPass.training(draws)
      let kept = states(layer)
      #expect(Set(layer.state.paths).isDisjoint(with: layer.paths))
      let shape = output.prepending(Self.batch)
      #expect(layer(inputs, &pass).shape == shape)
      #expect(kept.isEmpty || states(layer) != kept)
      func judged(_ inputs: Tensor) -> Tensor {
        var pass = ForwardPass.evaluation
        // What is judged leaves no trace.
        let before = layer.state.tensors.map(\.doubles)
        defer { #expect(layer.state.tensors.map(\.doubles) == before) }
        return layer(inputs, &pass)
      }
      #expect(judged(inputs).shape == shape)
      #expect(layer.axes.map(\.count) == layer.tensors.map(\.rank))
      #expect(isTransductive(inputs, judged, &stream) == kind.isTransductive)
      // Another draw is another answer, and nothing else is random.
      var other = ForwardPass.training(draws.map { uniform($0.shape, &stream) })
      pass = .training(draws)
      #expect((layer(inputs, &pass).doubles == layer(inputs, &other).doubles) == draws.isEmpty)
      checkDerivatives(layer, inputs: inputs, draws: draws, &stream) {
        (structure: inout Own, inputs, pass: inout ForwardPass) in
        structure(inputs, &pass)
      }
    }
    check(layer)
  }

  @Test(arguments: models)
  func modelsAreWhatTheySay(_ kind: any ModelKind) throws {
    func check<Own: ModelKind>(_ kind: Own) throws {
      let outputs = 3
      let drawing = try kind.drawing(
        for: ExampleForm(inputs: [8, 8], outputs: outputs, scalar: .float64))
      #expect(drawing.inputs.count == 64)
      var stream = RandomStream(seed: 3, purpose: "model contract")
      var model = moved(drawing.draw(&stream), &stream)
      let inputs = normal(TensorType(drawing.inputs.prepending(Self.batch), .float64), &stream)
      let draws = model.drawShapes(batch: Self.batch).map { uniform($0, &stream) }
      var pass = ForwardPass.training(draws)
      #expect(model(inputs, &pass).shape == [Self.batch, outputs])
      #expect(isTransductive(inputs, { model($0) }, &stream) == kind.isTransductive)
      #expect(model.axes.map(\.count) == model.tensors.map(\.rank))
      #expect(model.axes.last?.last == Axis("target", units: Units(Units.targets, outputs)))
      let layout = ParameterLayout(model)
      #expect(Set(layout.paths).count == layout.paths.count)
      if let count = kind.layerCount { #expect(Set(layout.layers).count == count) }
      checkDerivatives(model, inputs: inputs, draws: draws, &stream) {
        (structure: inout Own.Model, inputs, pass: inout ForwardPass) in
        structure(inputs, &pass)
      }
    }
    try check(kind)
  }
}
